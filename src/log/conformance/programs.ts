import { type TestContext, test } from 'node:test';
import type { Arbitrary } from 'fast-check';
import type { OpenedUnderTest } from './log-under-test.ts';
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

/** It makes up programs, and makes one that fails as short as it can. It is the tester's to install. */
type FastCheck = typeof import('fast-check');

async function loadFastCheck(t: TestContext): Promise<FastCheck | undefined> {
  try {
    return await import('fast-check');
  } catch {
    t.skip('random programs need fast-check: npm install --save-dev fast-check');
    return undefined;
  }
}

function programsOf(fc: FastCheck): Arbitrary<Step[]> {
  const channel = fc.nat(4);
  const key = fc.nat(5);
  const reader = fc.nat(2);

  const step: Arbitrary<Step> = fc.oneof(
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
  return fc.array(step, { minLength: 20, maxLength: 150, size: 'max' });
}

async function runProgram(
  t: TestContext,
  { open, remembersKeys }: OpenedUnderTest,
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

export function testPrograms(log: OpenedUnderTest): void {
  const { name, programs } = log;

  test(`${name}: any program of appends, retries, reads and trims agrees with a plain model`, async (t) => {
    const fc = await loadFastCheck(t);
    if (!fc) return;
    const agrees = fc.asyncProperty(programsOf(fc), (steps) => runProgram(t, log, steps, 100));
    await fc.assert(agrees, { numRuns: programs });
  });

  test(`${name}: a log that forgets channels announces too much at worst`, async (t) => {
    const fc = await loadFastCheck(t);
    if (!fc) return;
    const most = fc.integer({ min: 1, max: 4 });
    const agrees = fc.asyncProperty(programsOf(fc), most, (steps, maxChannels) =>
      runProgram(t, log, steps, maxChannels),
    );
    await fc.assert(agrees, { numRuns: Math.ceil(programs / 2) });
  });
}
