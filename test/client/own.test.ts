import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicId } from '../../src/hub/presence/public-id.ts';
import { CHOICES, receive, startClient } from '../faults/subscriber.ts';
import { startHub } from '../support/hub.ts';

for (const { name, transports } of CHOICES) {
  test(`${name}: own: false leaves out what the client has published, and its position passes it all the same`, async (t) => {
    const { url } = await startHub(t);
    const ada = startClient(t, url, { transports });
    const bob = startClient(t, url, { transports });
    const others: unknown[] = [];
    const seen = receive(ada, 'chat');
    const bobs = receive(bob, 'chat');
    const subscription = ada.subscribe('chat', { own: false, onMessage: ({ data }) => others.push(data) });
    await Promise.all([seen.ready, bobs.ready, subscription.ready]);
    await ada.publish('chat', 'ada 1');
    await bob.publish('chat', 'bob 1');
    const { id } = await ada.publish('chat', 'ada 2');
    await seen.until(3);
    await bobs.until(3);
    assert.deepEqual(seen.data, ['ada 1', 'bob 1', 'ada 2']);
    assert.deepEqual(others, ['bob 1']);
    assert.equal(subscription.position, id);
  });
}

test('own: false keeps the order with a schema, and leaves in what the program and plain requests publish', async (t) => {
  const { hub, url } = await startHub(t);
  const ada = startClient(t, url);
  const others: unknown[] = [];
  let wake = () => {};
  const slow = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value: unknown) => {
        await new Promise((resolve) => setTimeout(resolve, value === 'first' ? 20 : 0));
        return { value: `${value}!` };
      },
    },
  } as const;
  const subscription = ada.subscribe('chat', {
    own: false,
    schema: slow,
    onMessage({ data }) {
      others.push(data);
      wake();
    },
  });
  await subscription.ready;
  await hub.publish('chat', 'first');
  await ada.publish('chat', 'mine');
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/channels/chat`, { method: 'POST', headers, body: '"last"' });
  while (others.length < 2) await new Promise<void>((resolve) => (wake = resolve));
  assert.deepEqual(others, ['first!', 'last!']);
});

test('who signs in has another name, and still knows what was published under the one before', async (t) => {
  const { url } = await startHub(t, {
    authorise: ({ token }) => ({ read: true, publish: true, ...(token && { subject: token }) }),
  });
  const clientId = 'ada-and-her-tab';
  const ada = startClient(t, url, { clientId, transports: ['websocket'] });
  const others: unknown[] = [];
  const seen = receive(ada, 'chat');
  await ada.subscribe('chat', { own: false, onMessage: ({ data }) => others.push(data) }).ready;
  await seen.ready;
  assert.equal(ada.status.from, publicId(clientId, undefined));
  const nobody = ada.publish('chat', 'as nobody');
  ada.setToken('ada');
  await nobody;
  await ada.publish('chat', 'as ada');
  await seen.until(2);
  assert.equal(ada.status.from, publicId(clientId, 'ada'));
  assert.deepEqual(others, []);
});
