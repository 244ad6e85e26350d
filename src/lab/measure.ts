import { setTimeout as wait } from 'node:timers/promises';
import type { Technique } from './clients/client.ts';
import { techniquesOver } from './clients/clients.ts';
import { Ledger } from './ledger.ts';
import { direct } from './networks/direct.ts';
import type { Network, Way } from './networks/network.ts';
import { atPace, LIFE, type Pace } from './pace.ts';
import { type Column, readCell } from './readings.ts';
import { Reception } from './reception.ts';
import { type Setting, setUp } from './scene.ts';

/** For a message that may need a poll. In milliseconds, as all below. */
const patience = (pace: Pace) => 2000 + atPace(LIFE.poll, pace);
/** For a client to be back: what a parked request may take, and what the SDK's fourth attempt. */
const backPatience = (pace: Pace) => 15_000 + atPace(LIFE.parked + LIFE.parkedMargin, pace);
/** Published while all is calm, ten of them between two polls, at times that follow no clock of a client. */
const LIVE_MESSAGES = 25;
const liveEvery = (pace: Pace) => atPace(LIFE.poll, pace) / 10;
/** Between two messages after the change: no client is found to be back sooner. */
const EVERY_MS = 100;

interface Entry {
  readonly technique: Technique;
  readonly way: Way;
  readonly reception: Reception;
}

/** How far a measurement has come: clients begin, all is calm, nothing is published, clients come back, it is over. */
export type Stage = 'begins' | 'calm' | 'silent' | 'changed' | 'over';

export interface Measuring {
  readonly techniques?: readonly Technique[];
  /** Called as it begins, with what reads it as it stands. */
  readonly watch?: (look: () => { readonly stage: Stage; readonly column: Column }) => void;
}

/**
 * Starts a hub, the network before it and a client of each technique, publishes, makes happen what happens in this network,
 * publishes on, and reads what became of it. All of it is on loopback, and ends with it.
 */
export async function measure(
  network: Network,
  setting: Setting,
  { techniques = techniquesOver(setting.tls), watch }: Measuring = {},
): Promise<Column> {
  const { pace, tls } = setting;
  const { nodes, ways, certificateHash, close } = await setUp(network, setting, techniques.length);
  const ledger = new Ledger(nodes.at(-1)!.hub, 'lab');
  const ending = new AbortController();
  const entries = techniques.map(
    (technique, index): Entry => ({ technique, way: ways[index]!, reception: new Reception(ledger) }),
  );
  let stage: Stage = 'begins';
  let live = Number.POSITIVE_INFINITY;
  let changedAt: number | undefined;
  const read = (): Column => {
    const { name, title, does, changes } = network;
    const cells = entries.map((entry) => readCell(entry, live, changedAt));
    return { network: name, tls, title, does, changes, messages: ledger.count, cells };
  };
  try {
    watch?.(() => ({ stage, column: read() }));
    const receptions = entries.map(({ reception }) => reception);
    const first = await ledger.publish();
    for (const { technique, way, reception } of entries) {
      const { url } = way.box;
      const { channel } = ledger;
      technique.read({ url, channel, pace, reception, certificateHash, signal: ending.signal });
    }
    await ledger.until(() => receptions.every((each) => each.arrivedAt.has(first)), patience(pace));
    // A client that has got nothing yet is not waited for any more; one that gets something later is.
    const working = () => receptions.filter((each) => each.arrivedAt.size > 0);

    stage = 'calm';
    for (let left = LIVE_MESSAGES; left > 0; left--) await publishSoon(ledger, liveEvery(pace));
    live = ledger.count;
    await ledger.until(() => working().every(({ missed }) => missed === 0), patience(pace));
    stage = 'silent';
    await wait(atPace(network.silence ?? 0, pace));

    stage = 'changed';
    const since = performance.now();
    changedAt = since;
    const change = network.change ?? cutAll;
    const changing = change(ways, nodes);
    const backBy = since + backPatience(pace);
    const isBack = (reception: Reception) => reception.firstSince(since) !== undefined;
    do await publishSoon(ledger, EVERY_MS);
    while (!working().every(isBack) && performance.now() < backBy);
    await changing;
    await publishSoon(ledger, EVERY_MS);
    await ledger.until(() => working().every(({ missed }) => missed === 0), patience(pace));
    stage = 'over';
    return read();
  } finally {
    ending.abort();
    await close();
  }
}

/** Has each technique read once, so that no cell is measured with code that runs for the first time. */
export async function warmUp(setting: Setting): Promise<void> {
  const techniques = techniquesOver(setting.tls);
  const { nodes, ways, certificateHash, close } = await setUp(direct, setting, techniques.length);
  const { pace } = setting;
  const ledger = new Ledger(nodes[0]!.hub, 'lab');
  const ending = new AbortController();
  await ledger.publish();
  const receptions = techniques.map((technique, index) => {
    const reception = new Reception(ledger);
    const { url } = ways[index]!.box;
    const { channel } = ledger;
    technique.read({ url, channel, pace, reception, certificateHash, signal: ending.signal });
    return reception;
  });
  await ledger.until(() => receptions.every(({ missed }) => missed === 0), patience(pace));
  ending.abort();
  await close();
}

/** @param everyMs on average */
async function publishSoon(ledger: Ledger, everyMs: number): Promise<void> {
  await wait(everyMs * (0.5 + Math.random()));
  await ledger.publish();
}

async function cutAll(ways: readonly Way[]): Promise<void> {
  for (const { box } of ways) box.resetAll();
}
