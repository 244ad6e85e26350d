import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageItem } from '../log/log.ts';
import { answerOf, framesFormat } from './json-answer.ts';

const at = (sequence: number) => ({ epoch: 'k3f9', sequence });

const message: PageItem = {
  kind: 'message',
  message: {
    ...at(3),
    channel: 'a',
    type: 'goal',
    time: 5,
    payload: { kind: 'json', text: '{"n":12345678901234567890}' },
  },
};
const binary: PageItem = {
  kind: 'message',
  message: {
    ...at(4),
    channel: 'a',
    type: undefined,
    time: 6,
    payload: { kind: 'binary', bytes: Uint8Array.of(0, 255) },
  },
};
const gap: PageItem = { kind: 'gap', gap: { channel: 'a', from: at(0), to: at(2), reason: 'trimmed' } };

test('an answer lists messages and gaps apart, and tells the position and whether there is more', () => {
  const { body, position } = answerOf({ items: [gap, message, binary], position: at(9), more: true });
  assert.equal(position, 'k3f9.9');
  assert.deepEqual(JSON.parse(body.toString()), {
    messages: [
      { id: 'k3f9.3', channel: 'a', type: 'goal', time: 5, data: { n: 12345678901234567890n.toString() } },
      { id: 'k3f9.4', channel: 'a', time: 6, data: 'AP8=', encoding: 'base64' },
    ].map((one, index) => (index === 0 ? { ...one, data: { n: Number('12345678901234567890') } } : one)),
    position: 'k3f9.9',
    gaps: [{ channel: 'a', from: 'k3f9.0', to: 'k3f9.2', reason: 'trimmed' }],
    more: true,
  });
  assert.ok(body.includes('12345678901234567890'), 'numbers stay as they were written');
});

test('an empty answer is one too', () => {
  const { body } = answerOf({ items: [], position: at(0), more: false });
  assert.deepEqual(JSON.parse(body.toString()), { messages: [], position: 'k3f9.0', gaps: [], more: false });
});

test('frames to be collected are messages with their whole JSON, and gaps', () => {
  const items = [gap, message];
  const texts = framesFormat.join(items.map(framesFormat.encode), { items, position: at(9), more: false });
  assert.deepEqual(
    texts.map((text) => Object.keys(JSON.parse(text))[0]),
    ['gap', 'id'],
  );
});
