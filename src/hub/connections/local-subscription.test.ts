import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { payloadOf } from '../../log/message.ts';
import { FROM_NOW, FROM_START } from '../../protocol/start.ts';
import { Hub } from '../hub.ts';
import { LocalSubscription } from './local-subscription.ts';

function openHub(t: TestContext, count = 100_000) {
  const faults: unknown[] = [];
  const hub = new Hub(memoryLog(), {
    channels: { a: { retain: { count } } },
    onError: (error) => faults.push(error),
  });
  t.after(() => hub.close());
  async function publish(...values: unknown[]) {
    for (const value of values) {
      await hub.publish({
        channel: 'a',
        payload: payloadOf(value),
        type: undefined,
        conflationKey: undefined,
        idempotencyKey: undefined,
      });
    }
  }
  return { hub, publish, faults };
}

test('a handler is called for each message, and a fault of its own is reported and stops nothing', async (t) => {
  const { hub, publish, faults } = openHub(t);
  const got: unknown[] = [];
  const subscription = new LocalSubscription(hub, ['a'], FROM_START, {
    message({ data }) {
      got.push(data);
      if (data === 2) throw new Error('of the handler');
    },
  });
  await publish(1, 2, 3);
  await turn();
  await turn();
  assert.deepEqual(got, [1, 2, 3]);
  assert.equal((faults[0] as Error).message, 'of the handler');
  subscription.close();
  await publish(4);
  await turn();
  assert.deepEqual(got, [1, 2, 3]);
});

test('a handler may close its subscription while it is called', async (t) => {
  const { hub, publish } = openHub(t);
  const got: unknown[] = [];
  const subscription = new LocalSubscription(hub, ['a'], FROM_START, {
    message({ data }) {
      got.push(data);
      subscription.close();
    },
  });
  await publish(1, 2, 3);
  await turn();
  await turn();
  assert.deepEqual(got, [1]);
  assert.equal(hub.fanOut.count('a'), 0);
});

test('an iteration gets each message once, whether it waits for them or they for it', async (t) => {
  const { hub, publish } = openHub(t);
  const subscription = new LocalSubscription(hub, ['a'], FROM_START, {});
  const early = [subscription.next(), subscription.next()];
  await publish(1, 2, 3, 4);
  const got = [...(await Promise.all(early)), await subscription.next(), await subscription.next()];
  assert.deepEqual(
    got.map(({ value }) => value?.data),
    [1, 2, 3, 4],
  );
});

test('a slow iteration is held back by the log, not in memory', async (t) => {
  const { hub, publish } = openHub(t);
  const subscription = new LocalSubscription(hub, ['a'], FROM_START, {});
  const values = Array.from({ length: 5000 }, (_, index) => index);
  for (const value of values) {
    await publish(value);
    if (value % 100 === 0) await turn();
  }
  await turn();
  assert.equal(hub.fanOut.lagging, 1);
  const got: unknown[] = [];
  while (got.length < values.length) got.push((await subscription.next()).value?.data);
  assert.deepEqual(got, values);
});

test('what a slow iteration has missed for good is told to the handler of gaps, in its place', async (t) => {
  const { hub, publish } = openHub(t, 10);
  const heard: unknown[] = [];
  const subscription = new LocalSubscription(hub, ['a'], FROM_NOW, {
    gap: ({ reason }) => heard.push(reason),
  });
  await turn();
  for (let value = 0; value < 3000; value++) {
    await publish(value);
    if (value % 100 === 0) await turn();
  }
  while (heard.at(-1) !== 2999) heard.push((await subscription.next()).value?.data);
  const gap = heard.indexOf('trimmed');
  assert.ok(gap > 0);
  assert.deepEqual(
    heard.slice(0, gap),
    Array.from({ length: gap }, (_, index) => index),
  );
  assert.deepEqual(heard.slice(gap + 1), [2990, 2991, 2992, 2993, 2994, 2995, 2996, 2997, 2998, 2999]);
});

test('closing ends every wait, and leaving a loop closes', async (t) => {
  const { hub, publish } = openHub(t);
  const waiting = new LocalSubscription(hub, ['a'], FROM_NOW, {});
  const next = waiting.next();
  waiting.close();
  waiting.close();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.deepEqual(await waiting.next(), { done: true, value: undefined });

  await publish(1, 2);
  for await (const { data } of new LocalSubscription(hub, ['a'], FROM_START, {})) {
    assert.equal(data, 1);
    break;
  }
  assert.equal(hub.fanOut.count('a'), 0);
});

test('a signal closes it, and is let go of when it is closed otherwise', (t) => {
  const { hub } = openHub(t);
  const aborting = new AbortController();
  const { signal } = aborting;
  for (let count = 0; count < 100; count++) {
    new LocalSubscription(hub, ['a'], FROM_NOW, {}, signal).close();
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  new LocalSubscription(hub, ['a'], FROM_NOW, {}, signal);
  assert.equal(hub.fanOut.count('a'), 1);
  aborting.abort();
  assert.equal(hub.fanOut.count('a'), 0);
  assert.throws(() => new LocalSubscription(hub, ['a'], FROM_NOW, {}, signal), { name: 'AbortError' });
});

test('a fault of an async handler is reported too', async (t) => {
  const { hub, publish, faults } = openHub(t);
  const fault = new Error('later');
  new LocalSubscription(hub, ['a'], FROM_NOW, {
    message: async () => {
      throw fault;
    },
  });
  await turn();
  await publish(1);
  await turn();
  assert.deepEqual(faults, [fault]);
});
