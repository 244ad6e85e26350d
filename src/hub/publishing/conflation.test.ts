import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { appendOne } from '../../log/append-one.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import type { NewMessage, Payload } from '../../log/message.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { FROM_START } from '../../protocol/start.ts';
import { Conflation } from './conflation.ts';

const INTERVAL_MS = 100;

async function openConflation(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const log = memoryLog();
  await log.open({ appended() {}, interrupted() {} }, () => ({ count: 1000, ageMs: 1e9 }));
  t.after(() => log.close());
  let failure: Error | undefined;
  const conflation = new Conflation((addition) =>
    failure ? Promise.reject(failure) : appendOne(log, addition),
  );
  return {
    fail(error: Error | undefined) {
      failure = error;
    },
    publish(
      value: number,
      { key, channel = 'a', name = '' }: { key?: string; channel?: string; name?: string } = {},
    ) {
      return conflation.publish(
        messageOf(channel, value),
        name,
        INTERVAL_MS,
        key ? { name: key } : undefined,
      );
    },
    flush: () => conflation.flush(),
    async pass(ms = INTERVAL_MS) {
      t.mock.timers.tick(ms);
      await turn();
    },
    async values(channel = 'a') {
      const { items } = await log.read([channel], FROM_START, { messages: 1000, bytes: 1e9 });
      return items.map((item) => (item.kind === 'message' ? numberIn(item.message.payload) : Number.NaN));
    },
  };
}

function messageOf(channel: string, value: number): NewMessage {
  return { channel, type: undefined, time: Date.now(), payload: { kind: 'json', text: `${value}` } };
}

function numberIn(payload: Payload): number {
  return payload.kind === 'json' ? Number(payload.text) : Number.NaN;
}

test('the first goes out at once, and the newest of the rest at the end of the interval', async (t) => {
  const { publish, pass, values } = await openConflation(t);
  const first = await publish(1);
  const held = [publish(2), publish(3), publish(4)];
  assert.deepEqual(await values(), [1]);
  await pass(INTERVAL_MS - 1);
  assert.deepEqual(await values(), [1]);
  await pass(1);
  assert.deepEqual(await values(), [1, 4]);
  const answers = await Promise.all(held);
  assert.equal(new Set(answers.map(({ position }) => position.sequence)).size, 1);
  assert.equal(answers[0]!.position.sequence, first.position.sequence + 1);
});

test('intervals follow one another while messages come, and after a pause the next goes out at once', async (t) => {
  const { publish, pass, values } = await openConflation(t);
  for (const value of [1, 2, 3]) void publish(value);
  await pass();
  void publish(4);
  assert.deepEqual(await values(), [1, 3]);
  await pass();
  assert.deepEqual(await values(), [1, 3, 4]);
  await pass();
  await publish(5);
  assert.deepEqual(await values(), [1, 3, 4, 5]);
});

test('keys and channels are conflated apart', async (t) => {
  const { publish, values } = await openConflation(t);
  for (const name of ['ada', 'bob', 'ada']) void publish(1, { name });
  void publish(2, { channel: 'b', name: 'ada' });
  assert.deepEqual(await values(), [1, 1]);
  assert.deepEqual(await values('b'), [2]);
});

test('a retry of what was replaced is answered with what replaced it', async (t) => {
  const { publish, pass, values } = await openConflation(t);
  void publish(1, { key: 'k1' });
  void publish(2, { key: 'k2' });
  const newest = publish(3, { key: 'k3' });
  await pass();
  await pass();
  const { position } = await newest;
  const retry = await publish(2, { key: 'k2' });
  assert.deepEqual([retry.duplicate, retry.position.sequence], [true, position.sequence]);
  assert.deepEqual(await values(), [1, 3]);
});

test('a retry within the interval does not stand for the newer value that it came after', async (t) => {
  const { publish, pass, values } = await openConflation(t);
  await publish(1, { key: 'k1' });
  const newer = publish(2, { key: 'k2' });
  const retry = publish(1, { key: 'k1' });
  await pass();
  assert.deepEqual(await values(), [1, 2]);
  assert.equal((await newer).position.sequence, (await retry).position.sequence + 1);
});

test('however many one interval replaces, none comes back by being retried', async (t) => {
  const { publish, pass, values } = await openConflation(t);
  const all = Array.from({ length: 100 }, (_, index) => index + 1);
  const first = all.map((value) => publish(value, { key: `k${value}` }));
  await pass();
  await Promise.all(first);
  assert.deepEqual(await values(), [1, 100]);
  await pass();
  const again = all.slice(0, 10).map((value) => publish(value, { key: `k${value}` }));
  await pass();
  for (const { duplicate } of await Promise.all(again)) assert.ok(duplicate);
  assert.deepEqual(await values(), [1, 100]);
});

test('whoever published what was replaced is told if that could not be appended', async (t) => {
  const { publish, pass, fail, values } = await openConflation(t);
  await publish(1);
  const held = [publish(2), publish(3)];
  fail(new Error('away'));
  const rejected = Promise.all(held.map((one) => assert.rejects(one, /away/)));
  await pass();
  await rejected;
  fail(undefined);
  await pass();
  await publish(4);
  assert.deepEqual(await values(), [1, 4]);
});

test('a flush appends what is held, and answers whoever published it', async (t) => {
  const { publish, flush, values } = await openConflation(t);
  await publish(1);
  const held = [publish(2), publish(3), publish(4, { name: 'other' }), publish(5, { name: 'other' })];
  await flush();
  assert.deepEqual(await values(), [1, 4, 3, 5]);
  await Promise.all(held);
});

test('an interval keeps a program from ending only while it holds something', async (t) => {
  const log = memoryLog();
  await log.open({ appended() {}, interrupted() {} }, () => ({ count: 1000, ageMs: 1e9 }));
  t.after(() => log.close());
  const conflation = new Conflation((addition) => appendOne(log, addition));
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await conflation.publish(messageOf('a', 1), '', 60_000, undefined);
  assert.equal(timers(), before);
  const held = conflation.publish(messageOf('a', 2), '', 60_000, undefined);
  assert.equal(timers(), before + 1);
  await conflation.flush();
  await held;
  assert.equal(timers(), before);
});

test('what intervals hold is bounded: beyond it they end before their time, and nothing is lost', async (t) => {
  const { publish, values, flush } = await openConflation(t);
  for (let name = 0; name < 10_001; name++) await publish(name, { name: `${name}` });
  const held = publish(-1, { name: '1' });
  // The oldest interval has ended, so that the key begins another.
  await publish(-2, { name: '0' });
  assert.equal((await values()).at(-1), -2);
  // That in turn ended the interval of the next, with what it held.
  await held;
  const kept = Array.from({ length: 1_000 }, (_, index) => publish(index, { name: '2', key: `k${index}` }));
  await Promise.all(kept);
  assert.equal((await values()).at(-1), 999);
  await flush();
});

test('what is refused for its key stands for nobody else', async (t) => {
  const { publish, pass, values, fail } = await openConflation(t);
  await publish(1);
  const kept = publish(2);
  const refused = publish(3, { key: 'k' });
  fail(new FanwireError('idempotency_conflict', 'another'));
  const outcome = assert.rejects(refused, { code: 'idempotency_conflict' });
  // The mock answers the newest only.
  t.mock.timers.tick(INTERVAL_MS);
  fail(undefined);
  await outcome;
  await kept;
  await pass();
  assert.deepEqual(await values(), [1, 2]);
});
