import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMessageType } from './message.ts';

test('a type is one word of an event stream that no EventSource fires by itself', () => {
  for (const type of ['goal', 'a', 'größe', 'user.joined:v2', '得点', 'x'.repeat(100)])
    assert.ok(isMessageType(type), type);
  for (const type of [
    '',
    'a b',
    'a\nb',
    'a\r',
    '\0',
    '\u0085',
    '\ud800',
    'gap',
    'open',
    'error',
    'x'.repeat(101),
  ]) {
    assert.ok(!isMessageType(type), JSON.stringify(type));
  }
});
