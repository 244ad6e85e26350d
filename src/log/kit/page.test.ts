import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredGap } from '../gap.ts';
import type { StoredMessage } from '../message.ts';
import { cutPage } from './page.ts';

const at = (sequence: number) => ({ epoch: 'e', sequence });

function message(sequence: number, bytes = 1): StoredMessage {
  const payload = { kind: 'binary', bytes: new Uint8Array(bytes) } as const;
  return { ...at(sequence), channel: 'a', type: undefined, time: 0, payload };
}

const GAP: StoredGap = { channel: 'b', from: at(0), to: at(9), reason: 'trimmed' };

function cut(messages: readonly StoredMessage[], limit: { messages: number; bytes: number }) {
  const { items, end } = cutPage([GAP], messages, limit);
  const [first, ...rest] = items;
  assert.deepEqual(first, { kind: 'gap', gap: GAP }, 'gaps come first, whole, and take no room');
  return { sequences: rest.map((item) => item.kind === 'message' && item.message.sequence), end };
}

test('what fits is not cut, and comes in order', () => {
  const all = [message(3), message(2)];
  assert.deepEqual(cut(all, { messages: 2, bytes: 2 }), { sequences: [2, 3], end: undefined });
});

test('messages are cut by number and by bytes', () => {
  const all = [message(1), message(3), message(4)];
  const cutAfterThird = { sequences: [1, 3], end: at(3) };
  assert.deepEqual(cut(all, { messages: 2, bytes: 100 }), cutAfterThird);
  assert.deepEqual(cut(all, { messages: 100, bytes: 2 }), cutAfterThird);
});

test('one message fits, however large', () => {
  assert.deepEqual(cut([message(1, 1000), message(2)], { messages: 9, bytes: 10 }).sequences, [1]);
});
