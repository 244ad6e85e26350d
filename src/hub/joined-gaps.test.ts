import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredGap } from '../log/gap.ts';
import type { Page, PageItem } from '../log/log.ts';
import { joinGaps } from './joined-gaps.ts';

const at = (sequence: number, epoch = 'e') => ({ epoch, sequence });
const gap = (
  channel: string,
  from: number,
  to: number,
  reason: StoredGap['reason'] = 'trimmed',
): PageItem => ({
  kind: 'gap',
  gap: { channel, from: at(from), to: at(to), reason },
});
const page = (items: readonly PageItem[], end: number, more = true): Page => ({
  items,
  position: at(end),
  more,
});

test('a gap that reaches over three pages is told once, where it ends', () => {
  const first = joinGaps([], page([gap('a', 1, 10)], 10));
  assert.deepEqual(first.items, []);
  const second = joinGaps(first.held, page([gap('a', 10, 20)], 20));
  assert.deepEqual(second.items, []);
  const third = joinGaps(second.held, page([gap('a', 20, 25)], 30, false));
  assert.deepEqual(third, { items: [gap('a', 1, 25)], held: [] });
});

test('a gap that ended with its page is told at the beginning of the next', () => {
  const { held } = joinGaps([], page([gap('a', 1, 10)], 10));
  assert.deepEqual(joinGaps(held, page([gap('b', 10, 12)], 20, false)).items, [
    gap('a', 1, 10),
    gap('b', 10, 12),
  ]);
});

test('pieces of several channels do not mix, and a broken epoch stays one', () => {
  const { held } = joinGaps([], page([gap('a', 1, 10, 'epoch'), gap('b', 1, 10)], 10));
  const { items } = joinGaps(held, page([gap('b', 10, 11), gap('a', 10, 12)], 20, false));
  assert.deepEqual(items, [gap('b', 1, 11), gap('a', 1, 12, 'epoch')]);
});

test('a page without pieces is passed on as it is', () => {
  const items = [gap('a', 1, 5)];
  assert.equal(joinGaps([], page(items, 10)).items, items);
});
