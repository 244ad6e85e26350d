import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_NOW, FROM_START } from '../../protocol/start.ts';
import { after, append, appendAll, dataOf, PLENTY, placeOf } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

export function testRead({ name, open }: OpenedUnderTest): void {
  test(`${name}: an empty channel has a position to resume from`, async (t) => {
    const log = await open(t);
    for (const [channel, start] of Object.entries({
      a: FROM_NOW,
      b: FROM_START,
      c: { kind: 'last', count: 5 },
    } as const)) {
      const { items, position, more } = await log.read([channel], start, PLENTY);
      assert.deepEqual([items, more], [[], false]);
      await append(log, channel, 'x');
      assert.deepEqual(dataOf(await log.read([channel], after(position), PLENTY)), ['x']);
    }
  });

  test(`${name}: from now on there is nothing, and the position is that of the newest`, async (t) => {
    const log = await open(t);
    const positions = await appendAll(log, 'a', ['1', '2']);
    const page = await log.read(['a'], FROM_NOW, PLENTY);
    assert.deepEqual([page.items, page.more], [[], false]);
    assert.deepEqual(placeOf(page.position), positions[1]);
  });

  test(`${name}: after a position comes what is later, of the channels asked for, in one order`, async (t) => {
    const log = await open(t);
    const positions = [];
    for (const channel of ['a', 'b', 'c', 'b', 'a', 'c']) {
      positions.push(placeOf((await append(log, channel, `${channel}${positions.length}`)).position));
    }
    for (const channels of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const page = await log.read(channels, after(positions[0]!), PLENTY);
      assert.deepEqual(dataOf(page), ['b1', 'b3', 'a4']);
      assert.deepEqual(placeOf(page.position), positions[4]);
      assert.equal(page.more, false);
    }
  });

  test(`${name}: a position within the epoch may be that of another channel`, async (t) => {
    const log = await open(t);
    await appendAll(log, 'a', ['1']);
    const [elsewhere] = await appendAll(log, 'b', ['2']);
    await appendAll(log, 'a', ['3']);
    const page = await log.read(['a'], after(elsewhere!), PLENTY);
    assert.deepEqual(dataOf(page), ['3']);
  });

  test(`${name}: a page never leads back to before where it was asked from`, async (t) => {
    const log = await open(t);
    await appendAll(log, 'a', ['1']);
    const [elsewhere] = await appendAll(log, 'b', ['2']);
    const page = await log.read(['a'], after(elsewhere!), PLENTY);
    assert.ok(page.position.sequence >= elsewhere!.sequence);
  });

  test(`${name}: the newest N are counted over all channels together`, async (t) => {
    const log = await open(t);
    for (const [index, channel] of ['a', 'b', 'b', 'a', 'b'].entries())
      await append(log, channel, `${index}`);
    const newest = (count: number) => log.read(['a', 'b'], { kind: 'last', count }, PLENTY);
    assert.deepEqual(dataOf(await newest(3)), ['2', '3', '4']);
    assert.deepEqual(dataOf(await newest(1)), ['4']);
    assert.deepEqual(dataOf(await newest(99)), ['0', '1', '2', '3', '4']);
  });

  test(`${name}: the start is everything retained, with no gap for what nobody asked for`, async (t) => {
    const log = await open(t, { retention: () => ({ count: 2, ageMs: 1e9 }) });
    await appendAll(log, 'a', ['1', '2', '3']);
    const page = await log.read(['a'], FROM_START, PLENTY);
    assert.deepEqual(dataOf(page), ['2', '3']);
    assert.equal(page.items.length, 2);
  });
}
