import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredGap } from '../../log/gap.ts';
import type { Page, PageItem } from '../../log/log.ts';
import { untoldItems } from './told-gaps.ts';

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
const page = (items: readonly PageItem[], end: number): Page => ({ items, position: at(end), more: true });

test('a gap that reaches over three pages is told once, where it begins', () => {
  const first = untoldItems([], page([gap('a', 1, 25)], 10));
  assert.deepEqual(first.items, [gap('a', 1, 25)]);
  const second = untoldItems(first.told, page([gap('a', 10, 25)], 20));
  assert.deepEqual(second.items, []);
  const third = untoldItems(second.told, page([gap('a', 20, 25)], 30));
  assert.deepEqual(third, { items: [], told: [] });
});

test('of what was lost meanwhile only the rest is told', () => {
  const { told } = untoldItems([], page([gap('a', 1, 25)], 10));
  const { items } = untoldItems(told, page([gap('a', 10, 28), gap('b', 10, 12)], 20));
  assert.deepEqual(items, [gap('a', 25, 28), gap('b', 10, 12)]);
});

test('a gap that was told in another epoch says nothing of this one', () => {
  const { told } = untoldItems([], page([gap('a', 1, 25)], 10));
  const broken: PageItem = {
    kind: 'gap',
    gap: { channel: 'a', from: at(10), to: at(3, 'f'), reason: 'epoch' },
  };
  const next = untoldItems(told, { items: [broken], position: at(2, 'f'), more: true });
  assert.deepEqual(next.items, [broken]);
  assert.deepEqual(untoldItems(next.told, { items: [], position: at(3, 'f'), more: false }).told, []);
});

test('a page without gaps is passed on as it is', () => {
  const items: readonly PageItem[] = [];
  assert.equal(untoldItems([], page(items, 10)).items, items);
});
