import assert from 'node:assert/strict';
import { type Item, positionOf } from './readers/reader.ts';

export function sequenceOf(position: string): number {
  return Number(position.split('.')[1]);
}

/**
 * Holds what a subscriber of one channel got to the second promise: in order, each once, and every sequence
 * after `from` up to the last item either arrived or was announced as lost, never both. Returns both counts.
 */
export function assertCovered(items: readonly Item[], from: string): { messages: number; announced: number } {
  let reached = sequenceOf(from);
  let messages = 0;
  let announced = 0;
  for (const item of items) {
    const at = sequenceOf(positionOf(item));
    if (item.kind === 'gap') {
      assert.ok(sequenceOf(item.gap.from) <= reached, `a gap begins at or before ${reached}`);
      assert.ok(at > reached, `a gap ends after ${reached}`);
      announced += at - reached;
    } else {
      assert.equal(at, reached + 1, 'nothing is missing, nothing comes twice');
      messages++;
    }
    reached = at;
  }
  return { messages, announced };
}
