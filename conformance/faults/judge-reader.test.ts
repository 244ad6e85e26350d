import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item } from '../../test/support/readers/reader.ts';
import { CalmClock } from './calm.ts';
import { CHANNELS, type Channel } from './channels.ts';
import { Journal } from './journal.ts';
import { judgeReader } from './judge-reader.ts';
import { Truth } from './truth.ts';
import type { World } from './worlds.ts';

/** What the log has held: a letter is a message on that channel, its place the sequence. */
const HELD = 'abeae';

const message = (sequence: number): Item => ({
  kind: 'message',
  message: { id: `x.${sequence}`, channel: HELD[sequence - 1]!, data: { who: 'p', n: sequence } },
});

const gap = (channel: string, from: number, to: number): Item => ({
  kind: 'gap',
  gap: { channel, from: `x.${from}`, to: `x.${to}`, reason: 'trimmed' },
});

/** Numbers of the invariants that a reader of a, b and e has seen broken. */
function broken(
  items: readonly Item[],
  { oneOrder = true, overstates = false, channels = ['a', 'b', 'e'] as readonly Channel[] } = {},
) {
  const journal = new Journal(new CalmClock());
  const truth = new Truth(journal);
  for (const [index, channel] of [...HELD].entries()) {
    assert.ok((CHANNELS as readonly string[]).includes(channel));
    truth.add(`x.${index + 1}`, channel, { who: 'p', n: index + 1 }, 'the test');
  }
  const reader = journal.addReader({ who: 'r', channels, after: 'x.0' }, { oneOrder });
  for (const item of items) reader.take(item);
  const world: World = { nodes: [], forgets: false, treatments: [], ...(overstates && { overstates }) };
  judgeReader(journal, truth, world, reader, 'x.0');
  return journal.violations.map(({ invariant }) => invariant);
}

test('whoever got everything, or was told what is gone, has nothing to complain of', () => {
  assert.deepEqual(broken([1, 2, 3, 4, 5].map(message)), []);
  assert.deepEqual(broken([message(1), message(2), gap('e', 2, 3), message(4), message(5)]), []);
  // Told at the front, it reaches beyond messages of other channels.
  assert.deepEqual(broken([message(1), gap('e', 1, 5), message(2), message(4)]), []);
  assert.deepEqual(broken([message(1), message(2), gap('e', 0, 5), message(4)]), []);
  // A gap of before a cut is told again.
  assert.deepEqual(
    broken([message(1), gap('e', 1, 3), gap('e', 1, 3), message(2), message(4), message(5)]),
    [],
  );
});

test('what comes out of order, or twice, is seen', () => {
  assert.deepEqual(broken([2, 1, 3, 4, 5].map(message)), [4]);
  assert.deepEqual(broken([1, 2, 2, 3, 4, 5].map(message)), [4]);
  // The SDK promises the order of each channel.
  assert.deepEqual(broken([2, 1, 3, 4, 5].map(message), { oneOrder: false }), []);
  assert.deepEqual(broken([4, 1, 2, 3, 5].map(message), { oneOrder: false }), [4]);
});

test('what is missing without a gap is seen, and so is a gap that comes behind the next message', () => {
  assert.deepEqual(broken([1, 2, 4, 5].map(message)), [5]);
  assert.deepEqual(broken([message(1), message(2), message(4), gap('e', 2, 3), message(5)]), [5]);
  assert.deepEqual(broken([message(1), message(2), gap('e', 3, 5), message(4)]), [5]);
  // The SDK keeps a position for each channel.
  const late = [message(1), message(2), message(4), gap('e', 2, 3), message(5)];
  assert.deepEqual(broken(late, { oneOrder: false }), []);
});

test('a gap over what was delivered, over nothing, and over what is kept is seen', () => {
  const overstated = [message(1), message(2), message(3), message(4), message(5), gap('e', 2, 3)];
  assert.deepEqual(broken(overstated, { overstates: true }), [], 'of a channel that keeps nothing');
  assert.deepEqual(
    broken([message(1), message(2), message(3), message(4), message(5), gap('e', 2, 3)]),
    [6, 6],
  );
  assert.deepEqual(broken([message(1), gap('e', 1, 2), ...[2, 3, 4, 5].map(message)]), [6]);
  assert.deepEqual(broken([message(1), message(2), message(3), gap('a', 1, 4), message(5)]), [6]);
});
