import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PubSub } from '../../src/graphql/index.ts';
import { startHub } from '../support/hub.ts';

test('what is published to a trigger comes to whoever iterates it, one or several, and resumes from a position', async (t) => {
  const { hub } = await startHub(t);
  const pubSub = new PubSub(hub, { channelOf: (trigger) => `graphql:${trigger}` });
  const both = pubSub.asyncIterableIterator(['ADDED', 'REMOVED']);
  const one = pubSub.asyncIterator<{ n: number }>('ADDED');
  await pubSub.publish('ADDED', { n: 1 });
  await pubSub.publish('REMOVED', { n: 2 });
  assert.deepEqual([(await both.next()).value, (await both.next()).value], [{ n: 1 }, { n: 2 }]);
  assert.deepEqual((await one.next()).value, { n: 1 });
  await one.return?.();
  assert.equal((await one.next()).done, true);
  const again = pubSub.asyncIterableIterator('ADDED', { after: 'start' });
  assert.deepEqual((await again.next()).value, { n: 1 });
});

test('a callback is called until it is unsubscribed', async (t) => {
  const { hub } = await startHub(t);
  const pubSub = new PubSub(hub);
  const heard: unknown[] = [];
  let wake = () => {};
  const faults = t.mock.method(console, 'error', () => {});
  const id = await pubSub.subscribe('a', (payload) => {
    heard.push(payload);
    if (payload === 0) throw new Error('of the callback');
    wake();
  });
  const called = new Promise<void>((resolve) => {
    wake = resolve;
  });
  await pubSub.publish('a', 0);
  await pubSub.publish('a', 1);
  await called;
  assert.equal(faults.mock.callCount(), 1);
  pubSub.unsubscribe(id);
  await pubSub.publish('a', 2);
  const last = hub.events('a', { last: 1 });
  assert.equal((await last.next()).value?.message?.data, 2);
  assert.deepEqual(heard, [0, 1]);
});

test('what is lost ends an iteration with an error, unless somebody wants to be told of it', async (t) => {
  const { hub } = await startHub(t, { channels: { a: { retain: { count: 1 } } } });
  const { id: after } = await hub.publish('a', 1);
  await hub.publish('a', 2);
  await hub.publish('a', 3);
  const failing = new PubSub(hub).asyncIterableIterator('a', { after });
  await assert.rejects(failing.next(), /messages of a .* are lost: trimmed/);
  assert.equal((await failing.next()).done, true);
  const gaps: string[] = [];
  const told = new PubSub(hub, { onGap: ({ reason }) => gaps.push(reason) });
  assert.equal((await told.asyncIterableIterator('a', { after }).next()).value, 3);
  assert.deepEqual(gaps, ['trimmed']);
});
