import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { append } from '../../src/log/conformance/asking.ts';
import { KEEPS_ALL } from '../../src/log/conformance/log-under-test.ts';
import type { Follower, Log } from '../../src/log/log.ts';
import { startHub } from '../../test/support/hub.ts';
import { type Item, take } from '../../test/support/readers/reader.ts';
import { TRANSPORTS } from '../transports/transports.ts';
import { DISTURBED } from './disturbed.ts';

const CHANNELS = ['a', 'b', 'c'];
const MESSAGES = 150;

/** A seed can be given by the environment, to see again what a failure showed. */
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What was told, in stretches between interruptions. */
class Stretches implements Follower {
  readonly all: number[][] = [[]];
  #changed: () => void = () => {};

  appended({ sequence }: { readonly sequence: number }): void {
    this.all.at(-1)!.push(sequence);
    this.#changed();
  }

  interrupted(): void {
    this.all.push([]);
  }

  async reaches(sequence: number): Promise<void> {
    while (this.all.at(-1)!.at(-1) !== sequence) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

const NOBODY: Follower = { appended() {}, interrupted() {} };

for (const { name, make } of DISTURBED) {
  test(`${name}, seed ${SEED}: what is told of several channels is in order and has no hole, or was interrupted`, async (t) => {
    const random = randomOf(SEED);
    const { reader, writer, disturb, calm } = await make(t, random);
    const told = new Stretches();
    await openBoth(reader, writer, told);
    t.after(() => Promise.all([reader.close(), writer.close()]));
    await Promise.all(CHANNELS.map((channel) => reader.follow(channel)));

    const stored: number[] = [];
    const put = async () => {
      const channel = CHANNELS[Math.floor(random() * CHANNELS.length)]!;
      stored.push((await append(writer, channel, 'x')).position.sequence);
    };
    for (let count = 0; count < MESSAGES; count++) {
      disturb();
      await put();
      // As if it took its time: what comes in one piece is not disturbed in the middle.
      if (count % 10 === 0) await delay(5);
    }
    calm();
    const end = await untilTold(told, put, stored);

    let before = 0;
    for (const [index, stretch] of told.all.entries()) {
      for (const [place, sequence] of stretch.entries()) {
        assert.ok(sequence > before, `${sequence} after ${before}`);
        const skipped = stored.filter((one) => before < one && one < sequence);
        if (place > 0 || index === 0) assert.deepEqual(skipped, [], `between ${before} and ${sequence}`);
        before = sequence;
      }
    }
    assert.equal(before, end);
  });

  test(`${name}, seed ${SEED}: through a hub every reader gets all of its channels, in order, with no gap`, async (t) => {
    const random = randomOf(SEED + 1);
    const { reader, writer, disturb, calm } = await make(t, random);
    const { url } = await startHub(t, { log: reader, onError: () => {} });
    if (writer !== reader) {
      await writer.open(NOBODY, () => KEEPS_ALL);
      t.after(() => writer.close());
    }
    const streams = TRANSPORTS.filter(({ streaming }) => streaming);
    const sets = [['a', 'b', 'c'], ['a', 'c'], ['b']];
    const readers = await Promise.all(
      streams.flatMap(({ open }) =>
        sets.map(async (channels) => ({ channels, reader: await open(url, { channels, after: 'start' }) })),
      ),
    );
    const stored: { readonly id: string; readonly channel: string }[] = [];
    for (let count = 0; count < MESSAGES + CHANNELS.length; count++) {
      if (count < MESSAGES) disturb();
      if (count === MESSAGES) calm();
      const channel = CHANNELS[count % CHANNELS.length]!;
      const { epoch, sequence } = (await append(writer, channel, 'x')).position;
      stored.push({ id: `${epoch}.${sequence}`, channel });
    }
    await Promise.all(
      readers.map(async ({ channels, reader }) => {
        const expected = stored.filter(({ channel }) => channels.includes(channel)).map(({ id }) => id);
        assert.deepEqual((await take(reader, expected.length)).map(idOf), expected);
        reader.close();
      }),
    );
  });
}

async function openBoth(reader: Log, writer: Log, told: Follower): Promise<void> {
  await reader.open(told, () => KEEPS_ALL);
  if (writer !== reader) await writer.open(NOBODY, () => KEEPS_ALL);
}

/** After a cut a feed may be away for a moment yet: appends until one is told of. Returns its sequence. */
async function untilTold(
  told: Stretches,
  put: () => Promise<void>,
  stored: readonly number[],
): Promise<number> {
  for (;;) {
    await put();
    const last = stored.at(-1)!;
    if (await Promise.race([told.reaches(last).then(() => true), delay(500, false)])) return last;
  }
}

function idOf(item: Item): string {
  return item.kind === 'message' ? item.message.id : `gap of ${item.gap.channel}`;
}
