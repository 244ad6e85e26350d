import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FanwireError } from '../../src/client/index.ts';
import { startClient, untilStatus } from '../faults/subscriber.ts';
import { startHub } from '../support/hub.ts';

const CLOSED = { authorise: { secret: 's'.repeat(32) } };

/** What goes to `console.error`. */
function spoken(t: TestContext): string[] {
  const lines: string[] = [];
  t.mock.method(console, 'error', (...parts: unknown[]) => lines.push(parts.map(String).join(' ')));
  return lines;
}

test('a refusal that nobody takes is said once, with its reason, and ends no program', async (t) => {
  const lines = spoken(t);
  const { url } = await startHub(t, CLOSED);
  const client = startClient(t, url, { token: 'no token' });
  for (const channel of ['a', 'b', 'c']) client.subscribe(channel, () => {});
  await untilStatus(client, ({ state }) => state === 'closed');
  await turn();
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /onError.*FanwireError/);
});

test('a refusal is said to nobody else once `ready`, the iterator or `onError` takes it', async (t) => {
  const lines = spoken(t);
  const errors: unknown[] = [];
  let told = () => {};
  const { url } = await startHub(t, { authorise: () => ({ read: ['open'] }) });
  const client = startClient(t, url, {
    onError: (error) => {
      errors.push((error as FanwireError).message);
      told();
    },
  });
  await assert.rejects(client.subscribe('a', () => {}).ready, { code: 'forbidden' });
  await assert.rejects(client.subscribe('b')[Symbol.asyncIterator]().next(), { code: 'forbidden' });
  await new Promise((onError) => client.subscribe('c', { onMessage() {}, onError }));
  const untaken = new Promise<void>((resolve) => {
    told = resolve;
  });
  client.subscribe('d', () => {});
  await untaken;
  assert.deepEqual(errors, ['not allowed to read d: neither its rule nor a grant allows it']);
  assert.deepEqual(lines, []);
});

test('a refusal that comes after `ready` has resolved is said, though somebody asked for `ready`', async (t) => {
  const lines = spoken(t);
  let good = true;
  const { hub, url } = await startHub(t, {
    authorise: ({ token }) => {
      if (token && !good) throw new FanwireError('unauthenticated', 'it has run out');
      return { read: true, publish: true };
    },
  });
  const client = startClient(t, url, { token: 'good' });
  await client.subscribe('a', () => {}).ready;
  good = false;
  hub.disconnect(() => true);
  await untilStatus(client, ({ state }) => state === 'closed');
  await turn();
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /it has run out/);
});

test('a handler that fails later is said as one that fails at once, and ends no program', async (t) => {
  const lines = spoken(t);
  const { url } = await startHub(t);
  const client = startClient(t, url);
  const taken = new Promise((onError) => {
    client.subscribe('a', {
      onMessage: async () => {
        throw new Error('later');
      },
      onError,
    });
  });
  const { ready } = client.subscribe('a', async () => {
    throw new Error('with nobody to take it');
  });
  await ready;
  await client.publish('a', 1);
  assert.match(`${await taken}`, /later/);
  await turn();
  assert.match(lines.join(), /with nobody to take it/);
});
