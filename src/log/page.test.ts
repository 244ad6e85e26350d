import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageItem } from './log.ts';
import { cutPage } from './page.ts';

function message(sequence: number, bytes = 1): PageItem {
  const payload = { kind: 'binary', bytes: new Uint8Array(bytes) } as const;
  return {
    kind: 'message',
    message: { epoch: 'e', sequence, channel: 'a', type: undefined, time: 0, payload },
  };
}

function gap(from: number, to: number): PageItem {
  const at = (sequence: number) => ({ epoch: 'e', sequence });
  return { kind: 'gap', gap: { channel: 'b', from: at(from), to: at(to), reason: 'trimmed' } };
}

test('what fits is not cut', () => {
  const items = [gap(0, 1), message(2), message(3), gap(0, 4)];
  assert.deepEqual(cutPage(items, { messages: 2, bytes: 2 }), { items, end: undefined });
});

test('gaps take no room, messages by number and bytes', () => {
  const items = [message(1), gap(0, 2), message(3), message(4)];
  const cutAfterThird = { items: items.slice(0, 3), end: { epoch: 'e', sequence: 3 } };
  assert.deepEqual(cutPage(items, { messages: 2, bytes: 100 }), cutAfterThird);
  assert.deepEqual(cutPage(items, { messages: 100, bytes: 2 }), cutAfterThird);
});

test('one message fits, however large', () => {
  const { items } = cutPage([message(1, 1000), message(2)], { messages: 9, bytes: 10 });
  assert.deepEqual(items, [message(1, 1000)]);
});

test('a gap that reaches beyond the page is told of up to its end', () => {
  const { items } = cutPage([message(1), message(2), gap(0, 3)], { messages: 1, bytes: 10 });
  assert.deepEqual(items, [message(1), gap(0, 1)]);
});
