import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startClient, untilStatus } from '../faults/subscriber.ts';
import { startHub } from '../support/hub.ts';

test('a request that is under way survives the link that breaks beside it, and holds up no other', async (t) => {
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let answer = (_: string) => {};
  const slow = () => {
    asked();
    return new Promise<string>((resolve) => {
      answer = resolve;
    });
  };
  const { url } = await startHub(t, {
    requests: { slow, add: ({ a, b }: { a: number; b: number }) => a + b },
  });
  let isCut = false;
  const client = startClient(t, url, {
    transports: ['polling'],
    fetch: async (address, init) => {
      const isPoll = !`${init?.body}`.includes('"request"');
      if (isPoll && isCut) {
        isCut = false;
        throw new TypeError('fetch failed');
      }
      return fetch(address, init);
    },
  });
  await client.subscribe('scores', () => {}).ready;
  const first = client.request('slow');
  await isAsked;
  isCut = true;
  await untilStatus(client, ({ state }) => state !== 'connected');
  assert.equal(await client.request('add', { a: 1, b: 2 }), 3);
  answer('late');
  assert.equal(await first, 'late');
});
