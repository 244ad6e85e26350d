import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { TransportName } from '../../src/client/index.ts';
import { TRANSPORTS } from '../transports/transports.ts';
import { CalmClock } from './calm.ts';
import { READINGS } from './channels.ts';
import { EVENTS, type Event, type Grip } from './events.ts';
import { describe } from './invariants.ts';
import { Journal, type Publish, type ReaderRecord } from './journal.ts';
import { judge } from './judge.ts';
import { publishBySdk, publishRaw } from './publishers.ts';
import { createRandom } from './random.ts';
import { readBySdk, readRaw } from './readers.ts';
import { Weather } from './weather.ts';
import { type LogName, WORLDS, type World } from './worlds.ts';

export interface RunOptions {
  readonly log: LogName;
  /** Decides which faults come, in which order, how long each lasts, where connections are cut, who reads what. */
  readonly seed: number;
  /** Of so many faults the run consists. Default: each that the log can meet, once. */
  readonly faults?: number | undefined;
  /** Only faults whose name has this in it. */
  readonly only?: string | undefined;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** What the product has after a fault, without another one, to settle and to catch up. */
const BOUND_MS = 15_000;
/** The SDK parks a request for 25 s, and until then nobody can tell one that is dead. */
const PATIENT_BOUND_MS = 40_000;

const SDK_TRANSPORTS: readonly (readonly TransportName[] | undefined)[] = [
  ['websocket'],
  ['sse'],
  ['http-streaming'],
  ['long-polling'],
  ['polling'],
  undefined,
];

/** Brings one seed's faults over one log and its clients, and holds what they saw to the invariants. */
export async function runFaults(t: TestContext, options: RunOptions): Promise<void> {
  const random = createRandom(options.seed);
  const calm = new CalmClock();
  const journal = new Journal(calm);
  const world = await WORLDS[options.log](t, journal, random);
  const weather = new Weather(world.nodes.map(({ port }) => port));
  const plan = planOf(options, world);
  const happened: Event[] = [];
  const after = await firstPosition(world.nodes[0]!.url);

  for (const { name, open } of TRANSPORTS) {
    const who = `raw ${name}`;
    const chance = random.fork(who);
    const url = await weather.wireFor(t, chance);
    readRaw(
      t,
      journal,
      { who, channels: chance.pick(READINGS), url, after },
      open,
      chance.pick([undefined, 20]),
    );
  }
  for (const transports of SDK_TRANSPORTS) {
    const who = `SDK, ${transports?.join() ?? 'any transport'}`;
    const chance = random.fork(who);
    const url = await weather.wireFor(t, chance);
    readBySdk(t, journal, { who, channels: chance.pick(READINGS), url, after }, transports);
  }

  const enough = new AbortController();
  for (const [index, transports] of SDK_TRANSPORTS.entries()) {
    const who = `publisher by SDK, ${transports?.join() ?? 'any transport'}`;
    const chance = random.fork(who);
    const url = await weather.wireFor(t, chance);
    const atOnce = index % 2 === 0 ? 1 : 5;
    void publishBySdk(t, journal, { who, url, random: chance, enough: enough.signal }, atOnce, transports);
  }
  for (const who of ['first', 'second', 'third', 'fourth'].map((one) => `${one} publisher by POST`)) {
    const chance = random.fork(who);
    const url = await weather.wireFor(t, chance);
    void publishRaw(journal, { who, url, random: chance, enough: enough.signal });
  }

  try {
    await suffer(plan, happened, { t, world, weather, journal, random }, enough);
    journal.closed = true;
    await judge(journal, world, after, BOUND_MS);
    await Promise.all(world.nodes.map((node) => node.terminate()));
  } catch (error) {
    journal.closed = true;
    assert.fail(`${report(options, happened, journal)}\n  and then: ${(error as Error).stack}`);
  }
  if (journal.violations.length > 0) assert.fail(report(options, happened, journal));
}

/** Lets the faults happen, one after another, and everything come to rest. */
async function suffer(
  plan: readonly Event[],
  happened: Event[],
  grip: Grip,
  enough: AbortController,
): Promise<void> {
  const { t, world, journal } = grip;
  const stuck = new Set<Publish>();
  const impatient = journal.readers.filter(({ patient }) => !patient);
  for (const event of plan) {
    happened.push(event);
    const random = grip.random.fork(event.name);
    const begun = performance.now();
    await journal.calm.during(() => event.run({ ...grip, random }));
    // One half of the faults meets a product that has not recovered from the one before.
    if (random.chance(0.5)) {
      await journal.rest(() =>
        Promise.all([
          settled(journal, event.name, stuck),
          caughtUp(journal, event.name, impatient, BOUND_MS),
        ]),
      );
    }
    t.diagnostic(`${Math.round(performance.now() - begun)} ms: ${event.name}`);
    // What came after it would be told of as well, and hide it.
    if (journal.violations.length > 0) break;
  }
  enough.abort();
  await settled(journal, 'the last fault', stuck);
  await Promise.all([
    caughtUp(journal, 'the last publish', impatient, BOUND_MS),
    caughtUp(journal, 'the last publish', journal.readers, PATIENT_BOUND_MS),
  ]);
  for (const node of world.nodes) await node.untilWell();
}

/** 1: waits until the publishes of the time before have settled. */
async function settled(journal: Journal, what: string, stuck: Set<Publish>): Promise<void> {
  const isPending = (publish: Publish) => !stuck.has(publish) && publish.outcome.kind === 'pending';
  let pending = journal.publishes.filter(isPending);
  await journal.until(() => (pending = pending.filter(isPending)).length === 0, BOUND_MS);
  for (const publish of pending) {
    const { who, n, channel } = publish;
    journal.violate(1, `${who}: ${n} on ${channel} has not settled ${BOUND_MS / 1000} s after: ${what}`);
    // Once told is enough, and nobody waits for it again.
    stuck.add(publish);
  }
}

/** 8: waits until these readers have what has been acknowledged by now. */
async function caughtUp(
  journal: Journal,
  what: string,
  readers: readonly ReaderRecord[],
  boundMs: number,
): Promise<void> {
  const newest = journal.newest();
  let behind = readers;
  await journal.until(() => (behind = behind.filter((reader) => !reader.has(newest))).length === 0, boundMs);
  for (const reader of behind) {
    reader.stuck = true;
    const { who, channels } = reader;
    journal.violate(8, `${who} (${channels}) has not caught up ${boundMs / 1000} s after: ${what}`);
  }
}

function planOf({ seed, faults, only = '' }: RunOptions, world: World): readonly Event[] {
  const random = createRandom(seed).fork('plan');
  const possible = EVENTS.filter((event) => event.in(world) && event.name.includes(only));
  if (possible.length === 0) throw new Error(`no fault of this log has ${JSON.stringify(only)} in its name`);
  const plan: Event[] = [];
  const length = faults ?? possible.length;
  while (plan.length < length) plan.push(...random.shuffle(possible));
  return plan.slice(0, length);
}

/** A message of before the run, so that everybody begins at the same place. */
async function firstPosition(url: string): Promise<string> {
  const answer = await fetch(`${url}/channels/before`, { method: 'POST', body: '0', headers: JSON_TYPE });
  return ((await answer.json()) as { id: string }).id;
}

function report(
  { log, seed, faults, only }: RunOptions,
  happened: readonly Event[],
  journal: Journal,
): string {
  const length = faults === undefined ? '' : ` --faults ${faults}`;
  const which = only === undefined ? '' : ` --only ${JSON.stringify(only)}`;
  return [
    `${journal.violations.length} violations on ${log}; to replay: npm run soak -- --seed ${seed} --log ${log}${length}${which}`,
    describe(journal.violations),
    '  The faults were, in this order:',
    ...happened.map(({ name }, index) => `    ${index + 1}. ${name}`),
  ].join('\n');
}
