import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_NOW, FROM_START } from '../../protocol/start.ts';
import { appendOne } from '../append-one.ts';
import type { PageItem, Retention } from '../log.ts';
import { memoryLog } from './memory-log.ts';
import type { MemoryLogOptions } from './options.ts';

const PLENTY = { messages: 1e6, bytes: 1e9 };

async function openLog(
  options: MemoryLogOptions = {},
  retention: (channel: string) => Retention = () => ({ count: 1e6, ageMs: 1e9 }),
) {
  const log = memoryLog(options);
  await log.open({ appended() {}, interrupted() {} }, retention);
  return {
    log,
    async append(channel: string, bytes = 1) {
      const payload = { kind: 'binary', bytes: new Uint8Array(bytes) } as const;
      const message = { channel, type: undefined, time: Date.now(), payload };
      return appendOne(log, { message });
    },
    async items(...channels: string[]): Promise<readonly PageItem[]> {
      return (await log.read(channels, FROM_START, PLENTY)).items;
    },
  };
}

test('beyond its bytes the channel that holds most loses its oldest messages, and others nothing', async () => {
  const { log, append, items } = await openLog({ maxBytes: 20_000 });
  const { position } = await log.read(['much', 'little'], FROM_NOW, PLENTY);
  for (let count = 0; count < 3; count++) await append('little', 744);
  for (let count = 0; count < 16; count++) await append('much', 744);
  assert.equal((await items('little')).length, 3);
  const kept = (await items('much')).length;
  assert.ok(kept >= 13 && kept < 16, `${kept} are kept: a tenth is set free at once`);
  const since = await log.read(['much', 'little'], { kind: 'after', position }, PLENTY);
  const gaps = since.items.flatMap((item) =>
    item.kind === 'gap' ? [[item.gap.channel, item.gap.to.sequence, item.gap.reason]] : [],
  );
  assert.deepEqual(gaps, [['much', 3 + 16 - kept, 'trimmed']]);
});

test('those who share what there is lose down to the same level', async () => {
  const { append, items } = await openLog({ maxBytes: 30_000 });
  for (let count = 0; count < 40; count++) await append(['a', 'b', 'c'][count % 3]!, 744);
  const kept = await Promise.all(['a', 'b', 'c'].map(async (channel) => (await items(channel)).length));
  assert.ok(Math.max(...kept) - Math.min(...kept) <= 2, `${kept} are kept`);
});

test('a message larger than all it may hold is told of, but not kept', async () => {
  const { log, append, items } = await openLog({ maxBytes: 1200 });
  const { position } = await append('a', 1500);
  assert.deepEqual(await items('a'), []);
  await append('a', 50);
  assert.equal((await items('a')).length, 1);
  assert.equal((await log.read(['a'], { kind: 'after', position }, PLENTY)).items.length, 1);
});

test('a message counts with its place, so that tiny ones do not fill the memory unnoticed', async () => {
  const { append, items } = await openLog({ maxBytes: 100_000 });
  for (let count = 0; count < 1000; count++) await append('a', 1);
  assert.ok((await items('a')).length < 400);
});

test('bytes are the log’s own: a program that uses its buffer again changes no history', async () => {
  const { log, items } = await openLog();
  const bytes = new Uint8Array([1, 2, 3]);
  const payload = { kind: 'binary', bytes } as const;
  await log.append([{ message: { channel: 'a', type: undefined, time: Date.now(), payload } }]);
  bytes.fill(0);
  const [item] = await items('a');
  assert.deepEqual(item?.kind === 'message' && item.message.payload, {
    kind: 'binary',
    bytes: new Uint8Array([1, 2, 3]),
  });
});

test('only channels that hold nothing are forgotten', async () => {
  const { log, append, items } = await openLog({ maxChannels: 10 }, (channel) => ({
    count: channel.startsWith('empty') ? 0 : 10,
    ageMs: 1e9,
  }));
  for (let channel = 0; channel < 20; channel++) await append(`kept${channel}`);
  for (let channel = 0; channel < 50; channel++) await append(`empty${channel}`);
  for (let channel = 0; channel < 20; channel++) assert.equal((await items(`kept${channel}`)).length, 1);
  assert.equal(await log.census!.count(), 21, 'the newest is not forgotten before it is known to be empty');
});

test('channels count, so that a crowd of them has the same bound', async () => {
  const { log, append } = await openLog({ maxBytes: 100_000 });
  const { position } = await append('first');
  for (let channel = 0; channel < 1000; channel++) await append(`c${channel}`);
  assert.ok((await log.census!.count()) < 200);
  const [gap] = (await log.read(['c0'], { kind: 'after', position }, PLENTY)).items;
  assert.equal(gap?.kind, 'gap');
});

test('what has expired is set free though nobody reads or appends', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = Date.now();
  const { log, append } = await openLog({ clock: () => now, maxBytes: 1400 }, () => ({
    count: 10,
    ageMs: 1000,
  }));
  await append('old', 90);
  // More than the age, as the message has the time at which it was appended, which may be some moments later.
  now += 60_000;
  t.mock.timers.tick(5000);
  // Had the old bytes still counted, this would have been shed.
  const payload = { kind: 'binary', bytes: new Uint8Array(95) } as const;
  await log.append([{ message: { channel: 'new', type: undefined, time: now, payload } }]);
  assert.equal((await log.read(['new'], FROM_START, PLENTY)).items.length, 1);
  await log.close();
});

test('each log is an epoch of its own, or the one it is told to be', async () => {
  const epochs = [memoryLog(), memoryLog(), memoryLog({ epoch: 'mine' })].map(async (log) => {
    await log.open({ appended() {}, interrupted() {} }, () => ({ count: 1, ageMs: 1 }));
    return (await log.read(['a'], FROM_NOW, PLENTY)).position.epoch;
  });
  const [one, other, mine] = await Promise.all(epochs);
  assert.notEqual(one, other);
  assert.match(one!, /^[a-z0-9]{1,32}$/);
  assert.equal(mine, 'mine');
});
