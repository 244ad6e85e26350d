import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { payloadOf } from '../../log/message.ts';
import { FROM_NOW, FROM_START, type Start } from '../../protocol/start.ts';
import { Hub } from '../hub.ts';
import { LocalEvents } from './local-events.ts';

function openHub(t: TestContext, count = 100_000) {
  const log = memoryLog();
  const hub = new Hub(log, { channels: { a: { retain: { count } } } });
  t.after(() => hub.close());
  const publish = async (...values: unknown[]) => {
    for (const value of values) {
      await hub.publish({
        channel: 'a',
        payload: payloadOf(value),
        type: undefined,
        conflationKey: undefined,
        idempotencyKey: undefined,
      });
    }
  };
  return { hub, publish, reads: readsOf(log) };
}

/** How many messages each read of the log has brought. */
function readsOf(log: Log): number[] {
  const reads: number[] = [];
  const { read } = log;
  log.read = async (...args) => {
    const page = await read.apply(log, args);
    reads.push(page.items.length);
    return page;
  };
  return reads;
}

async function take(events: LocalEvents, count: number): Promise<unknown[]> {
  const taken: unknown[] = [];
  for (let index = 0; index < count; index++) {
    const { value } = await events.next();
    taken.push(value?.gap?.reason ?? value?.message?.data);
  }
  return taken;
}

test('each message comes once and in order, however the asking and the publishing meet', async (t) => {
  const { hub, publish } = openHub(t);
  await publish(1, 2);
  const events = new LocalEvents(hub, ['a'], FROM_START);
  const early = [events.next(), events.next(), events.next()];
  await publish(3, 4);
  const got = (await Promise.all(early)).map(({ value }) => value?.message?.data);
  assert.deepEqual([...got, ...(await take(events, 1))], [1, 2, 3, 4]);
});

test('what is lost is told in its place', async (t) => {
  const { hub, publish } = openHub(t, 2);
  await publish(1, 2, 3, 4);
  const page = await hub.read(['a'], FROM_NOW, 1);
  const after: Start = { kind: 'after', position: { epoch: page.position.epoch, sequence: 1 } };
  assert.deepEqual(await take(new LocalEvents(hub, ['a'], after), 3), ['trimmed', 3, 4]);
});

test('while nobody asks, one page is held and nothing is read', async (t) => {
  const { hub, publish, reads } = openHub(t);
  await publish(...Array.from({ length: 1000 }, (_, index) => index));
  const events = new LocalEvents(hub, ['a'], FROM_START);
  for (let index = 0; index < 20; index++) await turn();
  assert.deepEqual(reads, [256]);
  await publish('live');
  for (let index = 0; index < 20; index++) await turn();
  assert.deepEqual(reads, [256]);
  assert.deepEqual(await take(events, 1001), [...Array(1000).keys(), 'live']);
});

test('it ends with return, with its signal and with the hub, and nothing is left of it', async (t) => {
  const { hub } = openHub(t);
  const { signal } = new AbortController();
  const returned = new LocalEvents(hub, ['a'], FROM_NOW, signal);
  await returned.return();
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  const stop = new AbortController();
  const aborted = new LocalEvents(hub, ['a'], FROM_NOW, stop.signal);
  const last = aborted.next();
  stop.abort();
  const outlived = new LocalEvents(hub, ['a'], FROM_NOW);
  const end = outlived.next();
  await hub.close();
  for (const result of [await last, await end, await returned.next()]) assert.equal(result.done, true);
  assert.equal(hub.locals.size, 0);
  assert.throws(() => new LocalEvents(hub, ['a'], FROM_NOW, stop.signal), { name: 'AbortError' });
});
