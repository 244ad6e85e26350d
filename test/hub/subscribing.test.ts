import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishAll, startHub } from '../support/hub.ts';

const turn = () => new Promise(setImmediate);

test('a handler hears what is published from now on, of one channel or several', async (t) => {
  const { hub } = await startHub(t);
  await hub.publish('a', 'before');
  const heard: unknown[] = [];
  hub.subscribe(['a', 'b'], ({ channel, data, type }) => heard.push([channel, data, type]));
  await turn();
  await hub.publish('a', 1, { type: 'goal' });
  await hub.publish('b', 2);
  await hub.publish('c', 3);
  await turn();
  assert.deepEqual(heard, [
    ['a', 1, 'goal'],
    ['b', 2, undefined],
  ]);
});

test('a publish right after a subscribe is heard', async (t) => {
  const { hub } = await startHub(t);
  await hub.publish('a', 'before');
  const subscription = hub.subscribe('a');
  await hub.publish('a', 'after');
  assert.equal((await subscription.next()).value?.data, 'after');
  subscription.close();
});

test('an iteration begins where it is told, and follows', async (t) => {
  const { hub } = await startHub(t);
  const ids = await publishAll(hub, 'a', [1, 2, 3]);
  const starts = [
    [{ after: 'start' }, [1, 2, 3, 4]],
    [{ after: ids[1]! }, [3, 4]],
    [{ last: 1 }, [3, 4]],
  ] as const;
  const subscriptions = starts.map(([options]) => hub.subscribe<number>('a', options));
  await turn();
  await hub.publish('a', 4);
  for (const [index, [, expected]] of starts.entries()) {
    const heard: number[] = [];
    for await (const { data } of subscriptions[index]!) {
      heard.push(data);
      if (data === 4) break;
    }
    assert.deepEqual(heard, expected);
  }
});

test('a gap is told to its handler', async (t) => {
  const { hub } = await startHub(t, { channels: { a: { retain: { count: 1 } } } });
  const ids = await publishAll(hub, 'a', [1, 2, 3]);
  const heard: unknown[] = [];
  hub.subscribe('a', {
    after: ids[0]!,
    onGap: (gap) => heard.push(gap),
    onMessage: ({ data }) => heard.push(data),
  });
  await turn();
  assert.deepEqual(heard, [{ channel: 'a', from: ids[0], to: ids[1], reason: 'trimmed' }, 3]);
});

test('a signal ends a subscription, before it begins or later', async (t) => {
  const { hub } = await startHub(t);
  const aborting = new AbortController();
  const subscription = hub.subscribe('a', { signal: aborting.signal });
  const next = subscription.next();
  aborting.abort();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.throws(() => hub.subscribe('a', { signal: aborting.signal }), { name: 'AbortError' });
});

test('what can not be subscribed or published is refused at once', async (t) => {
  const { hub } = await startHub(t);
  assert.throws(() => hub.subscribe('a b'), { code: 'invalid_channel' });
  assert.throws(() => hub.subscribe([]), { code: 'invalid_channel' });
  assert.throws(() => hub.subscribe('a', { after: 'yesterday' }), { code: 'invalid_position' });
  await assert.rejects(hub.publish('a b', 1), { code: 'invalid_channel' });
  await assert.rejects(hub.publish('a', undefined), TypeError);
  await assert.rejects(hub.publish('a', 1, { type: 'a b' }), TypeError);
});

test('data in the place of options, and an option that there is not, are refused by name', async (t) => {
  const { hub } = await startHub(t);
  // As another library's `emit` takes them: a room, an event, its data.
  const { publish } = hub as { publish: (...given: unknown[]) => Promise<unknown> };
  await assert.rejects(publish('lobby', 'news', { home: 1 }), {
    name: 'TypeError',
    message: 'publish: no option is called home, but type, key, idempotencyKey',
  });
  await assert.rejects(publish('lobby', { home: 1 }, 'news'), {
    name: 'TypeError',
    message: 'publish: its options are an object of type, key, idempotencyKey, and no string',
  });
  const misspelt = { onmessage() {} } as object;
  assert.throws(() => hub.subscribe('lobby', misspelt), {
    name: 'TypeError',
    message: /^subscribe: no option is called onmessage, but onMessage, /,
  });
  assert.equal((await hub.channels()).channels.length, 0);
});

test('the same idempotency key is appended once', async (t) => {
  const { hub } = await startHub(t);
  const publish = () => hub.publish('a', 1, { idempotencyKey: 'k' });
  assert.deepEqual(await publish(), await publish());
});

test('closing the hub ends a loop over its messages', async (t) => {
  const { hub } = await startHub(t);
  const subscription = hub.subscribe('a');
  const next = subscription.next();
  await hub.close({ drainMs: 0 });
  assert.deepEqual(await next, { done: true, value: undefined });
});
