import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { ScriptedLog } from '../../../test/hub/support/scripted-log.ts';
import { countingFormat, ScriptedSink } from '../../../test/hub/support/scripted-sink.ts';
import { appendOne } from '../../log/append-one.ts';
import type { Log, PageItem, Retention } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { FROM_NOW, FROM_START, type Start } from '../../protocol/start.ts';
import { SecondWheel } from '../connections/second-wheel.ts';
import { Meter } from '../meter.ts';
import type { Cursor } from './cursor.ts';
import { FanOut } from './fan-out.ts';

const KEEPS_ALL: Retention = { count: 100_000, ageMs: 1e9 };

async function openFanOut<GivenLog extends Log>(log: GivenLog, retention = KEEPS_ALL) {
  const meter = new Meter();
  const events: string[] = [];
  const wheel = new SecondWheel();
  const fanOut = new FanOut(log, meter, wheel, {
    occupied: (channel) => events.push(`+${channel}`),
    vacated: (channel) => events.push(`-${channel}`),
    error: (error) => events.push((error as Error).message),
  });
  await log.open(fanOut, () => retention);
  const publish = async (channel: string, text = 'x') => {
    const payload = { kind: 'text', text } as const;
    const message = { channel, type: undefined, time: Date.now(), payload };
    return (await appendOne(log, { message })).position.sequence;
  };
  return { log, fanOut, meter, wheel, events, publish };
}

test('what came in one tick is one write, and was encoded once for all subscribers of a format', async () => {
  const { fanOut, publish, meter } = await openFanOut(memoryLog());
  const [one, other] = [countingFormat(), countingFormat()];
  const sinks = [one, one, one, other, other].map((format) => new ScriptedSink(format));
  for (const [index, sink] of sinks.entries()) {
    // Two feeds share the messages of `a`.
    await fanOut.open(index % 2 ? ['a', 'b'] : ['a'], sink, FROM_NOW).resume();
  }
  for (let tick = 1; tick <= 2; tick++) {
    for (let count = 0; count < 10; count++) await publish('a');
    await turn();
    for (const sink of sinks)
      assert.deepEqual([sink.chunks.length, sink.sequences.length], [tick, tick * 10]);
    assert.deepEqual([one.encoded, other.encoded], [tick * 10, tick * 10]);
    assert.equal(meter.deliveries, tick * 50);
  }
  assert.equal(sinks[0]!.chunks[1], sinks[2]!.chunks[1], 'the very same chunk');
});

test('a read that fails because its log was closed under a reader that had gone is no fault', async () => {
  const { fanOut, events, log } = await openFanOut(new ScriptedLog());
  log.failure = new Error('closed');
  const cursor = fanOut.open(['a'], new ScriptedSink(), FROM_START);
  const resumed = cursor.resume();
  await log.asked();
  cursor.end();
  log.answerReads();
  await resumed;
  assert.ok(!events.includes('closed'));
});

test('a tick that grows large is written early', async () => {
  const { fanOut, publish } = await openFanOut(memoryLog());
  const sink = new ScriptedSink();
  await fanOut.open(['a'], sink, FROM_NOW).resume();
  for (let count = 0; count < 3; count++) void publish('a', 'x'.repeat(64 * 1024));
  assert.equal(sink.chunks.length, 3);
});

test('what a sink had no room for is skipped but for the newest, where the cursor wants that, and told of', async () => {
  const { fanOut, publish } = await openFanOut(memoryLog());
  const sink = new ScriptedSink();
  const cursor = fanOut.open(['a'], sink, FROM_NOW, 'skip');
  await cursor.resume();
  const tick = async (...channels: string[]) => {
    for (const channel of channels) await publish(channel);
    await turn();
  };
  await tick('a');
  sink.takes = 0;
  // One that was missed is no reason to skip anything.
  await tick('b', 'a');
  sink.takes = 1;
  await cursor.resume();
  sink.takes = 0;
  await tick('a', 'b', 'a', 'b', 'a', 'b');
  sink.takes = 100;
  await cursor.resume();
  await tick('a');
  assert.deepEqual(sink.sequences, [1, 3, 8, 10]);
  const gaps = sink.items.flatMap((item) => (item.kind === 'gap' ? item.gap : []));
  assert.deepEqual(
    gaps.map(({ channel, from, to, reason }) => [channel, from.sequence, to.sequence, reason]),
    [['a', 3, 6, 'skipped']],
  );
  assert.equal(cursor.live, true);
  assert.throws(() => fanOut.open(['a', 'b'], sink, FROM_NOW, 'skip'), TypeError);
});

test('an envelope of the subscriber’s own stands around what was encoded once for all', async () => {
  const { fanOut, publish } = await openFanOut(memoryLog());
  const shared = countingFormat();
  const sinks = ['x', 'y'].map((id) => new EnvelopeSink(id, shared));
  for (const sink of sinks) await fanOut.open(['a'], sink, FROM_NOW).resume();
  for (let count = 0; count < 2; count++) await publish('a');
  await turn();
  assert.equal(shared.encoded, 2);
  assert.deepEqual(
    sinks.map(({ written }) => written),
    [
      ['x 1', 'x 2'],
      ['y 1', 'y 2'],
    ],
  );
});

/** Puts its own id before each item, as an operation of GraphQL has one. */
class EnvelopeSink extends ScriptedSink {
  readonly written: string[] = [];
  readonly #id: string;

  constructor(id: string, format: ScriptedSink['format']) {
    super(format);
    this.#id = id;
  }

  override write(chunk: unknown): void {
    for (const item of chunk as readonly PageItem[]) {
      if (item.kind === 'message') this.written.push(`${this.#id} ${item.message.sequence}`);
    }
  }
}

test('a subscriber whose sink is full falls behind alone, and reads on from the log', async () => {
  const { fanOut, publish } = await openFanOut(memoryLog());
  const [quick, slow] = [new ScriptedSink(), new ScriptedSink()];
  await fanOut.open(['a'], quick, FROM_NOW).resume();
  const cursor = fanOut.open(['a'], slow, FROM_NOW);
  await cursor.resume();
  slow.takes = 1;
  for (let count = 0; count < 5; count++) {
    await publish('a');
    await turn();
  }
  assert.deepEqual(quick.sequences, [1, 2, 3, 4, 5]);
  assert.deepEqual(slow.sequences, [1]);
  assert.deepEqual([cursor.lagging, fanOut.lagging], [true, 1]);
  slow.takes = 100;
  await cursor.resume();
  assert.deepEqual(slow.sequences, [1, 2, 3, 4, 5]);
  assert.deepEqual([cursor.live, fanOut.lagging, cursor.position?.sequence], [true, 0, 5]);
  await publish('a');
  await turn();
  assert.deepEqual([cursor.live, cursor.position?.sequence], [true, 6]);
  slow.takes = 0;
  await publish('a');
  await turn();
  assert.equal(fanOut.lagging, 1);
  cursor.end();
  assert.equal(fanOut.lagging, 0);
});

test('a quiet channel takes whoever comes with a later position than its pages have, and whoever comes after', async () => {
  const { fanOut, publish } = await openFanOut(memoryLog());
  const [early, late, other] = [new ScriptedSink(), new ScriptedSink(), new ScriptedSink()];
  await fanOut.open(['b'], other, FROM_NOW).resume();
  for (let count = 0; count < 3; count++) await publish('b');
  await turn();
  const tip = fanOut.tip()!;
  const first = fanOut.open(['a'], early, { kind: 'after', position: tip });
  await first.resume();
  const second = fanOut.open(['a'], late, { kind: 'last', count: 20 });
  void second.resume();
  for (let round = 0; round < 20 && !second.live; round++) await turn();
  assert.deepEqual([first.live, second.live], [true, true]);
  assert.equal(first.position?.sequence, tip.sequence);
  early.takes = 0;
  await publish('a');
  await turn();
  early.takes = 1;
  await first.resume();
  assert.deepEqual([early.sequences, late.sequences], [[4], [4]]);
});

test('what a slow subscriber can no longer be given is announced', async () => {
  const { fanOut, publish } = await openFanOut(memoryLog(), { count: 2, ageMs: 1e9 });
  const sink = new ScriptedSink();
  const cursor = fanOut.open(['a'], sink, FROM_NOW);
  await cursor.resume();
  sink.takes = 0;
  for (let count = 0; count < 5; count++) await publish('a');
  await turn();
  sink.takes = 100;
  await cursor.resume();
  const [gap] = sink.items;
  assert.ok(gap?.kind === 'gap');
  assert.deepEqual([gap.gap.from.sequence, gap.gap.to.sequence], [0, 3]);
  assert.deepEqual(sink.sequences, [4, 5]);
});

test('a subscriber that ends while it is written to takes nothing from the others', async () => {
  const { fanOut, publish } = await openFanOut(memoryLog());
  const format = countingFormat();
  const sinks = Array.from({ length: 7 }, () => new ScriptedSink(format));
  const cursors: Cursor[] = [];
  for (const sink of sinks) {
    const cursor = fanOut.open(['a'], sink, FROM_NOW);
    await cursor.resume();
    cursors.push(cursor);
  }
  for (const index of [0, 3, 6]) sinks[index]!.onWrite = () => cursors[index]!.end();
  for (let round = 0; round < 3; round++) {
    await publish('a');
    await turn();
  }
  for (const [index, sink] of sinks.entries()) {
    assert.deepEqual(sink.sequences, [0, 3, 6].includes(index) ? [1] : [1, 2, 3], `${index}`);
  }
});

test('a channel is occupied by its first subscriber, and vacated a little after its last', async () => {
  const { fanOut, wheel, events } = await openFanOut(memoryLog());
  const first = fanOut.open(['a', 'b'], new ScriptedSink(), FROM_NOW);
  const second = fanOut.open(['a'], new ScriptedSink(), FROM_NOW);
  assert.equal(fanOut.count('a'), 2);
  first.end();
  first.end();
  wheel.turn();
  second.end();
  assert.equal(fanOut.count('a'), 0);
  assert.deepEqual(events, ['+a', '+b']);
  wheel.turn();
  assert.deepEqual(events, ['+a', '+b', '-b']);
  wheel.turn();
  assert.deepEqual(events, ['+a', '+b', '-b', '-a']);
});

test('who comes back soon, as a long poll does, finds the channel still occupied and followed', async () => {
  const { fanOut, wheel, events, publish } = await openFanOut(memoryLog());
  for (let poll = 0; poll < 3; poll++) {
    const sink = new ScriptedSink();
    const cursor = fanOut.open(['a'], sink, FROM_NOW);
    await cursor.resume();
    await publish('a');
    await turn();
    assert.equal(sink.sequences.length, 1);
    cursor.end();
    wheel.turn();
  }
  assert.deepEqual(events, ['+a']);
});

test('a log that does not answer is asked again', async (t) => {
  const { log, fanOut, events, publish } = await openFanOut(new ScriptedLog());
  // The hub's own wait keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  t.after(() => clearInterval(alive));
  await publish('a');
  log.failure = new Error('away');
  const sink = new ScriptedSink();
  const resumed = fanOut.open(['a'], sink, FROM_START).resume();
  await log.asked();
  log.failure = undefined;
  log.answerReads();
  await log.asked();
  log.answerReads();
  await resumed;
  assert.deepEqual(events, ['+a', 'away']);
  assert.deepEqual(sink.sequences, [1]);
});

test('after an interruption each subscriber is given what it missed', async () => {
  const { log, fanOut, publish } = await openFanOut(new ScriptedLog());
  const sink = new ScriptedSink();
  const cursor = fanOut.open(['a'], sink, FROM_START);
  void cursor.resume();
  await settle(log);
  await publish('a');
  log.tell();
  await turn();
  await publish('a');
  log.interrupt();
  await settle(log);
  await publish('a');
  log.tell();
  await turn();
  assert.deepEqual(sink.sequences, [1, 2, 3]);
});

test('an interruption while a page is on its way is not slept through', async () => {
  const { log, fanOut, publish } = await openFanOut(new ScriptedLog());
  const sink = new ScriptedSink();
  void fanOut.open(['a'], sink, FROM_START).resume();
  await turn();
  await publish('a');
  log.interrupt();
  await settle(log);
  await publish('a');
  log.tell();
  await turn();
  assert.deepEqual(sink.sequences, [1, 2]);
});

async function settle(log: ScriptedLog): Promise<void> {
  for (let round = 0; round < 6; round++) {
    log.answerReads();
    await turn();
  }
}

type Step =
  | { readonly kind: 'publish'; readonly channel: number; readonly bytes: number }
  | { readonly kind: 'tell'; readonly count: number }
  | {
      readonly kind: 'join';
      readonly channels: readonly number[];
      readonly after: number;
      readonly takes: number;
    }
  | { readonly kind: 'drain'; readonly cursor: number; readonly takes: number }
  | { readonly kind: 'end'; readonly cursor: number }
  | { readonly kind: 'answer' | 'interrupt' | 'turn' | 'flush' };

const CHANNELS = ['a', 'b', 'c'];
const channel = fc.nat(2);
const takes = fc.constantFrom(0, 1, 2, 3, 1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      channel,
      bytes: fc.constantFrom(1, 1, 1, 70_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('tell' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      channels: fc.uniqueArray(channel, { minLength: 1 }),
      // Also from beyond what a channel has, as from a heartbeat: most steps publish, to one of three channels.
      after: fc.nat(60),
      takes,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('drain' as const), cursor: fc.nat(9), takes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), cursor: fc.nat(9) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('answer', 'answer', 'turn', 'turn', 'flush', 'interrupt') }),
  },
);

interface Subscriber {
  readonly sink: ScriptedSink;
  readonly cursor: Cursor;
  readonly expects: (channel: string, sequence: number) => boolean;
}

test('however publishes, joins, full sinks, late news and interruptions interleave, each gets everything once, in order', async () => {
  const format = countingFormat();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), async (steps) => {
      const { log, fanOut, publish } = await openFanOut(new ScriptedLog());
      const published: { channel: string; sequence: number }[] = [];
      const subscribers: Subscriber[] = [];
      const ended: Subscriber[] = [];

      for (const one of steps) {
        switch (one.kind) {
          case 'publish': {
            const name = CHANNELS[one.channel]!;
            published.push({ channel: name, sequence: await publish(name, 'x'.repeat(one.bytes)) });
            break;
          }
          case 'tell':
            log.tell(one.count);
            break;
          case 'join': {
            const names = one.channels.map((index) => CHANNELS[index]!);
            const sequence = Math.min(one.after, published.length);
            const sink = new ScriptedSink(format);
            sink.takes = one.takes;
            const start: Start = { kind: 'after', position: { epoch: 'scripted', sequence } };
            const cursor = fanOut.open(names, sink, start);
            subscribers.push({ sink, cursor, expects: (name, at) => names.includes(name) && at > sequence });
            void cursor.resume();
            break;
          }
          case 'drain': {
            const subscriber = subscribers[one.cursor];
            if (!subscriber) break;
            subscriber.sink.takes = one.takes;
            if (one.takes > 0) void subscriber.cursor.resume();
            break;
          }
          case 'end': {
            const [subscriber] = subscribers.splice(one.cursor, 1);
            subscriber?.cursor.end();
            if (subscriber) ended.push(subscriber);
            break;
          }
          case 'answer':
            log.answerReads();
            await turn();
            break;
          case 'interrupt':
            log.interrupt();
            break;
          case 'flush':
            fanOut.flush();
            break;
          case 'turn':
            await turn();
        }
      }

      for (const { sink } of subscribers) sink.takes = Number.POSITIVE_INFINITY;
      log.tell();
      for (let round = 0; round < 1000 && subscribers.some(({ cursor }) => !cursor.live); round++) {
        for (const { cursor } of subscribers) void cursor.resume();
        await settle(log);
      }
      assert.ok(
        subscribers.every(({ cursor }) => cursor.live),
        'nobody reads for ever',
      );
      published.push({ channel: 'a', sequence: await publish('a') });
      log.tell();
      await turn();

      for (const { sink, expects } of subscribers) {
        const expected = published.filter((one) => expects(one.channel, one.sequence));
        assert.deepEqual(
          sink.sequences,
          expected.map(({ sequence }) => sequence),
        );
      }
      for (const { sink, expects } of ended) {
        const expected = published.filter((one) => expects(one.channel, one.sequence));
        assert.deepEqual(
          sink.sequences,
          expected.slice(0, sink.sequences.length).map(({ sequence }) => sequence),
          'one that ended had a beginning of it',
        );
      }
    }),
    { numRuns: 150 },
  );
});

for (let microtasks = 0; microtasks < 12; microtasks++) {
  test(`an interruption ${microtasks} microtasks after a page has arrived is not slept through`, async () => {
    const { log, fanOut, publish } = await openFanOut(new ScriptedLog());
    const sink = new ScriptedSink();
    void fanOut.open(['a'], sink, FROM_START).resume();
    await log.asked();
    await publish('a');
    log.answerReads();
    for (let count = 0; count < microtasks; count++) await undefined;
    log.interrupt();
    await settle(log);
    assert.deepEqual(sink.sequences, [1]);
  });
}
