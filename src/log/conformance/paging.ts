import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Position } from '../../protocol/position.ts';
import { FROM_START, type Start } from '../../protocol/start.ts';
import { after, append, appendAll, dataOf, gapsOf, PLENTY, placeOf, readAll } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

export function testPaging({ name, open }: OpenedUnderTest): void {
  test(`${name}: pages of any size join without loss or repetition, from any start`, async (t) => {
    const log = await open(t);
    const positions: Position[] = [];
    for (let index = 0; index < 20; index++) {
      positions.push(placeOf((await append(log, index % 3 === 0 ? 'a' : 'b', `${index}`)).position));
    }
    const starts: [Start, number][] = [
      [FROM_START, 0],
      [after(positions[4]!), 5],
      [{ kind: 'last', count: 7 }, 13],
    ];
    for (const [start, from] of starts) {
      for (const messages of [1, 2, 3, 7, 19, 20, 21]) {
        const { items, position } = await readAll(log, ['a', 'b'], start, { messages, bytes: 1e6 });
        const expected = positions.slice(from).map((_, index) => `${from + index}`);
        assert.deepEqual(dataOf({ items }), expected, `${start.kind} in pages of ${messages}`);
        assert.deepEqual(placeOf(position), positions.at(-1));
      }
    }
  });

  test(`${name}: a page says that there is more if and only if there is`, async (t) => {
    const log = await open(t);
    await appendAll(log, 'a', ['1', '2', '3']);
    for (const [messages, more] of [
      [2, true],
      [3, false],
      [4, false],
    ] as const) {
      assert.equal((await log.read(['a'], FROM_START, { messages, bytes: 1e6 })).more, more, `${messages}`);
    }
  });

  test(`${name}: a page holds no more bytes than asked for, but one message at least`, async (t) => {
    const log = await open(t);
    await appendAll(log, 'a', ['x'.repeat(60), 'x'.repeat(30), 'x'.repeat(20), 'x'.repeat(500), 'x']);
    const lengths = [];
    let page = await log.read(['a'], FROM_START, { messages: 100, bytes: 100 });
    lengths.push(page.items.length);
    while (page.more) {
      page = await log.read(['a'], after(page.position), { messages: 100, bytes: 100 });
      lengths.push(page.items.length);
    }
    assert.deepEqual(lengths, [2, 1, 1, 1]);
  });

  test(`${name}: a gap that reaches beyond a page is told whole, and what is left of it again by the next page`, async (t) => {
    const log = await open(t, {
      retention: (channel) => ({ count: channel === 'short' ? 1 : 1000, ageMs: 1e9 }),
    });
    const [from] = await appendAll(log, 'long', ['before']);
    await appendAll(log, 'short', ['lost', 'lost']);
    const positions = await appendAll(log, 'long', ['1', '2', '3']);
    const [lost] = await appendAll(log, 'short', ['lost', 'kept']);

    const limit = { messages: 2, bytes: 1e6 };
    const first = await log.read(['long', 'short'], after(from!), limit);
    assert.deepEqual(dataOf(first), ['1', '2']);
    assert.deepEqual(gapsOf(first), [{ channel: 'short', from, to: lost, reason: 'trimmed' }]);
    const second = await log.read(['long', 'short'], after(first.position), limit);
    assert.deepEqual(gapsOf(second), [{ channel: 'short', from: positions[1], to: lost, reason: 'trimmed' }]);
    assert.deepEqual(dataOf(second), ['3', 'kept']);
    assert.equal(second.more, false);
  });

  test(`${name}: messages appended between two pages come in their turn`, async (t) => {
    const log = await open(t);
    await appendAll(log, 'a', ['1', '2', '3']);
    const first = await log.read(['a', 'b'], FROM_START, { messages: 2, bytes: 1e6 });
    await appendAll(log, 'b', ['4']);
    const rest = await log.read(['a', 'b'], after(first.position), PLENTY);
    assert.deepEqual([...dataOf(first), ...dataOf(rest)], ['1', '2', '3', '4']);
  });
}
