import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startClient } from '../faults/subscriber.ts';
import { publishAll, startHub } from '../support/hub.ts';

test('a consumer slower than the channel holds a bounded lot, and still gets all of it in order', async (t) => {
  const COUNT = 5000;
  const { hub, url } = await startHub(t, { channels: { scores: { retain: { count: COUNT } } } });
  const client = startClient(t, url, { transports: ['websocket'] });
  const subscription = client.subscribe('scores');
  await subscription.ready;
  const reading = subscription[Symbol.asyncIterator]();
  const got: unknown[] = [];
  const ids = await publishAll(
    hub,
    'scores',
    Array.from({ length: COUNT }, (_, index) => index),
  );
  // It has taken what it may hold and unsubscribed once this is answered: frames are handled in their order.
  await client.subscribe('other', () => {}).ready;
  await client.presence('scores');
  assert.deepEqual(hub.connections()[0]?.channels, ['other']);
  assert.equal(subscription.position, ids[999]);
  while (got.length < COUNT) {
    const { value, done } = await reading.next();
    assert.ok(!done);
    got.push(value.data);
  }
  assert.deepEqual(
    got,
    Array.from({ length: COUNT }, (_, index) => index),
  );
  assert.deepEqual(hub.connections()[0]?.channels.toSorted(), ['other', 'scores']);
});

test('leaving the loop ends the subscription', async (t) => {
  const { hub, url } = await startHub(t);
  const client = startClient(t, url, { transports: ['websocket'] });
  await publishAll(hub, 'scores', [1, 2]);
  for await (const { data } of client.subscribe('scores', { after: 'start' })) {
    assert.equal(data, 1);
    break;
  }
  await client.presence('scores');
  assert.deepEqual(hub.connections()[0]?.channels, []);
});

test('a loop over a channel that the hub refuses throws the refusal', async (t) => {
  const { url } = await startHub(t);
  const client = startClient(t, url, { transports: ['websocket'] });
  const loop = async () => {
    for await (const _ of client.subscribe('no such name'));
  };
  await assert.rejects(loop, { code: 'invalid_channel' });
});

test('an aborted signal ends the subscription and its loop', async (t) => {
  const { url } = await startHub(t);
  const client = startClient(t, url, { transports: ['websocket'] });
  const stop = new AbortController();
  const subscription = client.subscribe('scores', { signal: stop.signal });
  await subscription.ready;
  stop.abort();
  for await (const _ of subscription) assert.fail('nothing was published');
  const late = client.subscribe('scores', { signal: stop.signal });
  await assert.rejects(late.ready, { code: 'closed' });
});
