import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyMemory } from './key-memory.ts';

test('a key is found on its channel until its time is over', () => {
  const keys = new KeyMemory({ ttlMs: 100, most: 10 });
  keys.add('a', 'k', 7, 1000);
  assert.equal(keys.find('a', 'k', 1099), 7);
  assert.equal(keys.find('a', 'k', 1100), undefined);
  assert.equal(keys.find('b', 'k', 1000), undefined);
  assert.equal(keys.find('a', 'other', 1000), undefined);
});

test('beyond so many the oldest goes first, and one that is added again is young', () => {
  const keys = new KeyMemory({ ttlMs: 100, most: 3 });
  for (const [index, key] of ['k1', 'k2', 'k3', 'k1', 'k4'].entries()) keys.add('a', key, index, 1000);
  const found = ['k1', 'k2', 'k3', 'k4'].map((key) => keys.find('a', key, 1000));
  assert.deepEqual(found, [3, undefined, 2, 4]);
});

test('a key with a space is not that of another channel', () => {
  const keys = new KeyMemory({ ttlMs: 100, most: 3 });
  keys.add('a', 'b c', 1, 0);
  assert.equal(keys.find('a', 'b c', 0), 1);
  assert.equal(keys.find('a', 'c', 0), undefined);
});
