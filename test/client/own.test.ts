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
    const seen = receive(ada, 'chat');
    const bobs = receive(bob, 'chat');
    const others = receive(ada, 'chat', { own: false });
    await Promise.all([seen.ready, bobs.ready, others.ready]);
    await ada.publish('chat', 'ada 1');
    await bob.publish('chat', 'bob 1');
    const { id } = await ada.publish('chat', 'ada 2');
    await seen.until(3);
    await bobs.until(3);
    assert.deepEqual(seen.data, ['ada 1', 'bob 1', 'ada 2']);
    assert.equal(others.position, id);
    await bob.publish('chat', 'bob 2');
    await others.until(2);
    assert.deepEqual(others.data, ['bob 1', 'bob 2']);
  });
}

test('own: false keeps the order with a schema, and leaves in what the program and plain requests publish', async (t) => {
  const { hub, url } = await startHub(t);
  const ada = startClient(t, url);
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
  const others = receive(ada, 'chat', { own: false, schema: slow });
  await others.ready;
  await hub.publish('chat', 'first');
  await ada.publish('chat', 'mine');
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/channels/chat`, { method: 'POST', headers, body: '"last"' });
  await others.until(2);
  assert.deepEqual(others.data, ['first!', 'last!']);
});

test('who signs in has another name, and still knows what was published under the one before', async (t) => {
  const { hub, url } = await startHub(t, {
    authorise: ({ token }) => ({ read: true, publish: true, ...(token && { subject: token }) }),
  });
  const clientId = 'ada-and-her-tab';
  const ada = startClient(t, url, { clientId, transports: ['websocket'] });
  const others = receive(ada, 'chat', { own: false });
  await others.ready;
  assert.equal(ada.status.from, publicId(clientId, undefined));
  const nobody = ada.publish('chat', 'as nobody');
  ada.setToken('ada');
  await nobody;
  await ada.publish('chat', 'as ada');
  assert.equal(ada.status.from, publicId(clientId, 'ada'));
  await hub.publish('chat', 'as the program');
  await others.until(1);
  assert.deepEqual(others.data, ['as the program']);
});
