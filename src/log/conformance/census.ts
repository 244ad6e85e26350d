import assert from 'node:assert/strict';
import { test } from 'node:test';
import { append, appendAll, placeOf } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

export function testCensus({ name, open }: OpenedUnderTest): void {
  test(`${name}: a log that knows its channels tells what each retains, those appended to last first`, async (t) => {
    const log = await open(t);
    const census = log.census!;
    assert.deepEqual([await census.newest(10), await census.count()], [[], 0]);
    const a = await appendAll(log, 'a', ['1', '2', '3']);
    const [b] = await appendAll(log, 'b', ['4']);
    await append(log, 'a', '5');
    const last = placeOf((await append(log, 'a', '6')).position);

    assert.deepEqual(await census.newest(10), ['a', 'b']);
    assert.deepEqual(await census.newest(1), ['a']);
    assert.equal(await census.count(), 2);
    assert.deepEqual(await census.ranges(['b', 'nothing', 'a']), [
      { count: 1, oldest: b, newest: b },
      undefined,
      { count: 5, oldest: a[0], newest: last },
    ]);
  });

  test(`${name}: what retention has removed is not counted as retained`, async (t) => {
    const retention = (channel: string) => ({ count: channel === 'none' ? 0 : 2, ageMs: 60_000 });
    let now = Date.now();
    const log = await open(t, { retention, clock: () => now });
    const census = log.census!;
    const positions = await appendAll(log, 'few', ['1', '2', '3']);
    await append(log, 'none', '4');
    assert.deepEqual(await census.ranges(['few', 'none']), [
      { count: 2, oldest: positions[1], newest: positions[2] },
      undefined,
    ]);

    now += 40_000;
    const { position } = await append(log, 'few', '5', { time: now });
    now += 30_000;
    assert.deepEqual(await census.ranges(['few']), [
      { count: 1, oldest: placeOf(position), newest: placeOf(position) },
    ]);
    now += 40_000;
    assert.deepEqual(await census.ranges(['few']), [undefined]);
  });
}
