import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFastDirectory } from '../support/directory.ts';
import { appendText, openLog, readMessages } from './support/log.ts';

const CHANNELS = 20;
const KEPT = 50;

test('the file stops growing once retention holds, whatever the sizes, channels and keys', async (t) => {
  const directory = await makeFastDirectory(t);
  let now = Date.now();
  const log = await openLog(
    t,
    { directory, keyTtlMs: 1000, clock: () => now },
    { retention: { count: KEPT, ageMs: 1e9 } },
  );
  const sizeAfter = async (from: number, to: number) => {
    for (let count = from; count < to; count += 100) {
      const some = Array.from({ length: 100 }, (_, index) => count + index);
      // From a few bytes to 16 kB.
      await Promise.all(
        some.map((one) =>
          appendText(log, `c${one % CHANNELS}`, 'x'.repeat((one * 7919) % 16_384), `key ${one}`),
        ),
      );
      now += 50;
    }
    return (await stat(join(directory, 'data.mdb'))).size;
  };
  const full = await sizeAfter(0, 10_000);
  const later = await sizeAfter(10_000, 50_000);
  // 8 kB a message on average.
  const retained = CHANNELS * KEPT * 8192;
  assert.ok(later < 1.3 * full, `${full} bytes grew to ${later}`);
  assert.ok(later < 10 * retained, `${later} bytes for the ${retained} that are retained`);
});

test('beyond its bytes the oldest messages go first, whichever channel they are of', async (t) => {
  const directory = await makeFastDirectory(t);
  const log = await openLog(t, { directory, maxBytes: 1000 });
  for (let count = 0; count < 11; count++) await appendText(log, count % 2 ? 'a' : 'b', 'x'.repeat(100));
  const kept = await readMessages(log, 'a', 'b');
  assert.deepEqual(
    kept.map(({ sequence }) => sequence),
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
});

test('beyond its bytes the channel that holds most loses, also when another process has filled it', async (t) => {
  const directory = await makeFastDirectory(t);
  const first = await openLog(t, { directory, maxBytes: 10_000 });
  for (let count = 0; count < 3; count++) await appendText(first, 'little', 'x'.repeat(100));
  for (let count = 0; count < 96; count++) await appendText(first, 'much', 'x'.repeat(100));
  await first.close();
  const log = await openLog(t, { directory, maxBytes: 10_000 });
  for (let count = 0; count < 50; count++) await appendText(log, `c${count}`, 'x'.repeat(100));
  assert.equal((await readMessages(log, 'little')).length, 3);
  assert.equal((await readMessages(log, 'much')).length, 47);
});

test('its files are for its owner alone', async (t) => {
  const directory = join(await makeFastDirectory(t), 'log');
  const log = await openLog(t, { directory });
  await appendText(log, 'a', 'x');
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  for (const file of await readdir(directory)) {
    assert.equal((await stat(join(directory, file))).mode & 0o077, 0, file);
  }
});

test('keys are not kept for longer than they are remembered', async (t) => {
  const directory = await makeFastDirectory(t);
  let now = Date.now();
  const log = await openLog(
    t,
    { directory, keyTtlMs: 1000, clock: () => now },
    { retention: { count: 10, ageMs: 1e9 } },
  );
  const sizeAfter = async (from: number, to: number) => {
    for (let count = from; count < to; count += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => appendText(log, 'a', '', `${count + index}`)),
      );
      now += 50;
    }
    return (await stat(join(directory, 'data.mdb'))).size;
  };
  const full = await sizeAfter(0, 10_000);
  const later = await sizeAfter(10_000, 30_000);
  assert.ok(later < 1.3 * full, `${full} bytes grew to ${later}`);
});

test('channels that hold nothing any more are forgotten when there are too many, and that is told', async (t) => {
  const directory = await makeFastDirectory(t);
  let now = Date.now();
  const options = { directory, clock: () => now };
  const retention = { count: 10, ageMs: 1000 };
  const first = await openLog(t, options, { retention });
  await Promise.all(Array.from({ length: 500 }, (_, index) => appendText(first, `c${index}`, 'x')));
  const { position } = await appendText(first, 'last', 'x');
  await first.close();

  now = Date.now() + 1000;
  const log = await openLog(t, { ...options, maxChannels: 10 }, { retention });
  const beginning = { kind: 'after', position: { epoch: position.epoch, sequence: 0 } } as const;
  for (;;) {
    // What is not known of a channel may have held as much as the forgotten ones.
    const { items } = await log.read(['another'], beginning, { messages: 1, bytes: 1 });
    if (items.length > 0) break;
    await new Promise(setImmediate);
  }
  const { items } = await log.read(['c0'], beginning, { messages: 1, bytes: 1 });
  assert.equal(items[0]?.kind === 'gap' && items[0].gap.reason, 'expired');
});
