import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyMemory } from './key-memory.ts';

test('a key is found on its channel until its time is over', () => {
  const keys = new KeyMemory({ ttlMs: 100, maxKeys: 10, maxKeysOfScope: 10 });
  keys.add('a', { name: 'k' }, 7, 1000);
  assert.equal(keys.find('a', { name: 'k' }, 1099), 7);
  assert.equal(keys.find('a', { name: 'k' }, 1100), undefined);
  assert.equal(keys.find('b', { name: 'k' }, 1000), undefined);
  assert.equal(keys.find('a', { name: 'other' }, 1000), undefined);
});

test('beyond so many the oldest goes first, and one that is added again is young', () => {
  const keys = new KeyMemory({ ttlMs: 100, maxKeys: 3, maxKeysOfScope: 3 });
  for (const [index, key] of ['k1', 'k2', 'k3', 'k1', 'k4'].entries())
    keys.add('a', { name: key }, index, 1000);
  const found = ['k1', 'k2', 'k3', 'k4'].map((key) => keys.find('a', { name: key }, 1000));
  assert.deepEqual(found, [3, undefined, 2, 4]);
});

test('a key with a space is not that of another channel', () => {
  const keys = new KeyMemory({ ttlMs: 100, maxKeys: 3, maxKeysOfScope: 3 });
  keys.add('a', { name: 'b c' }, 1, 0);
  assert.equal(keys.find('a', { name: 'b c' }, 0), 1);
  assert.equal(keys.find('a', { name: 'c' }, 0), undefined);
});

test('a scope that has too many loses its own oldest', () => {
  const keys = new KeyMemory({ ttlMs: 100, maxKeys: 100, maxKeysOfScope: 2 });
  keys.add('a', { name: 'theirs', scope: 'them' }, 1, 0);
  for (const name of ['k1', 'k2', 'k3']) keys.add('a', { name, scope: 'us' }, 2, 0);
  const found = ['theirs', 'k1', 'k2', 'k3'].map((name) => keys.find('a', { name }, 0));
  assert.deepEqual(found, [1, undefined, 2, 2]);
});

test('when all together are too many, those lose their oldest who have most', () => {
  const keys = new KeyMemory({ ttlMs: 100, maxKeys: 100, maxKeysOfScope: 90 });
  for (let index = 0; index < 20; index++) keys.add('a', { name: `few ${index}`, scope: 'few' }, index, 0);
  for (let index = 0; index < 500; index++) {
    keys.add('a', { name: `many ${index}`, scope: `many ${index % 2}` }, index, 0);
  }
  for (let index = 0; index < 20; index++) assert.equal(keys.find('a', { name: `few ${index}` }, 0), index);
  assert.equal(keys.find('a', { name: 'many 499' }, 0), 499);
  assert.equal(keys.find('a', { name: 'many 300' }, 0), undefined);
});
