import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_NOW, FROM_START } from '../../protocol/start.ts';
import { after, append, appendAll, dataOf, gapsOf, messagesOf, PLENTY, placeOf } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

export function testRetention({ name, open }: OpenedUnderTest): void {
  test(`${name}: each channel keeps the newest so many of its own`, async (t) => {
    const counts: Record<string, number> = { none: 0, one: 1, three: 3 };
    const log = await open(t, { retention: (channel) => ({ count: counts[channel]!, ageMs: 1e9 }) });
    for (const data of ['1', '2', '3', '4']) {
      for (const channel of Object.keys(counts)) await append(log, channel, data);
    }
    const retained = async (channel: string) => dataOf(await log.read([channel], FROM_START, PLENTY));
    assert.deepEqual(await retained('none'), []);
    assert.deepEqual(await retained('one'), ['4']);
    assert.deepEqual(await retained('three'), ['2', '3', '4']);
  });

  test(`${name}: a channel keeps the newest whose payloads are within its bytes, and announces the rest`, async (t) => {
    const log = await open(t, { retention: () => ({ count: 100, ageMs: 1e9, bytes: 1000 }) });
    const first = placeOf((await append(log, 'a', 'first')).position);
    for (let count = 0; count < 30; count++) await append(log, 'a', `${count}`.padEnd(100));
    const kept = messagesOf(await log.read(['a'], FROM_START, PLENTY));
    assert.ok(kept.length <= 10 && kept.length >= 1, `${kept.length} are kept`);
    assert.equal(kept.at(-1)?.sequence, (await log.read(['a'], FROM_NOW, PLENTY)).position.sequence);
    const [gap] = gapsOf(await log.read(['a'], after(first), PLENTY));
    assert.deepEqual([gap?.channel, gap?.reason], ['a', 'trimmed']);
    assert.ok(gap!.to.sequence < kept[0]!.sequence);
    await append(log, 'a', 'x'.repeat(1001));
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), []);
  });

  test(`${name}: what is too old is not given, though nobody has appended since`, async (t) => {
    let now = 1_000_000;
    const log = await open(t, { clock: () => now, retention: () => ({ count: 100, ageMs: 1000 }) });
    await append(log, 'a', 'old', { time: now });
    now += 600;
    await append(log, 'a', 'young', { time: now });
    now += 400;
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['young']);
    assert.deepEqual(dataOf(await log.read(['a'], { kind: 'last', count: 9 }, PLENTY)), ['young']);
    now += 600;
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), []);
  });

  test(`${name}: trimming a long history loses no message that it should keep`, async (t) => {
    const log = await open(t, { retention: () => ({ count: 700, ageMs: 1e9 }) });
    const data = Array.from({ length: 2000 }, (_, index) => `${index}`);
    await appendAll(log, 'a', data);
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), data.slice(-700));
  });
}
