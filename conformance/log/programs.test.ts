import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { LOGS, type LogUnderTest } from './logs.ts';
import { LogModel } from './model.ts';

/** What a program can do. Readers and channels are numbered; a reader keeps its position between pages. */
type Step =
  | {
      readonly kind: 'append';
      readonly channel: number;
      readonly key: number | undefined;
      readonly aliases: readonly number[];
    }
  | {
      readonly kind: 'read';
      readonly reader: number;
      readonly messages: number;
      readonly bytes: number;
      readonly cut: number;
    }
  | {
      readonly kind: 'restart';
      readonly reader: number;
      readonly channels: readonly number[];
      readonly start: 'now' | 'start' | 'last' | 'past' | 'foreign';
      readonly amount: number;
    }
  | { readonly kind: 'follow' | 'unfollow'; readonly channel: number }
  | { readonly kind: 'wait'; readonly ms: number };

const channel = fc.nat(4);
const key = fc.nat(5);
const reader = fc.nat(2);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      channel,
      key: fc.option(key, { nil: undefined, freq: 2 }),
      aliases: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(key, { maxLength: 2 })),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      reader,
      messages: fc.integer({ min: 1, max: 5 }),
      bytes: fc.constantFrom(1, 10, 1000),
      cut: fc.option(fc.nat(4), { nil: Infinity }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      reader,
      channels: fc.uniqueArray(channel, { minLength: 1 }),
      start: fc.constantFrom('now', 'start', 'last', 'past', 'foreign'),
      amount: fc.integer({ min: 1, max: 10 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('follow', 'unfollow'), channel }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  },
);

async function runProgram(
  t: TestContext,
  { open, remembersKeys }: LogUnderTest,
  steps: readonly Step[],
  maxChannels: number,
) {
  const keyTtlMs = 150;
  const model = new LogModel(maxChannels < 5, remembersKeys ? Infinity : keyTtlMs);
  const { retention, follower, clock } = model;
  const log = await open(t, { retention, follower, clock, keyTtlMs, maxChannels });
  for (const one of steps) {
    switch (one.kind) {
      case 'append':
        await model.append(log, one.channel, one.key, one.aliases);
        break;
      case 'read':
        await model.read(log, one.reader, { messages: one.messages, bytes: one.bytes }, one.cut);
        break;
      case 'restart':
        model.restart(one.reader, one.channels, one.start, one.amount);
        break;
      case 'follow':
        await model.follow(log, one.channel);
        break;
      case 'unfollow':
        await model.unfollow(log, one.channel);
        break;
      case 'wait':
        model.now += one.ms;
    }
  }
  await model.readToTheEnd(log);
}

const program = fc.array(step, { minLength: 20, maxLength: 150, size: 'max' });

for (const log of LOGS) {
  test(`${log.name}: any program of appends, retries, reads and trims agrees with a plain model`, async (t) => {
    await fc.assert(
      fc.asyncProperty(program, (steps) => runProgram(t, log, steps, 100)),
      { numRuns: log.programs },
    );
  });

  test(`${log.name}: a log that forgets channels announces too much at worst`, async (t) => {
    await fc.assert(
      fc.asyncProperty(program, fc.integer({ min: 1, max: 4 }), (steps, maxChannels) =>
        runProgram(t, log, steps, maxChannels),
      ),
      { numRuns: Math.ceil(log.programs / 2) },
    );
  });
}
