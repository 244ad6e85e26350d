import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptors } from './descriptors.ts';

test('connections leave a tenth of the descriptors, 64 at least, and refusals half of that', () => {
  assert.deepEqual(descriptors(100), { maxFiles: 100, connections: 36, sockets: 68 });
  assert.deepEqual(descriptors(20_000), { maxFiles: 20_000, connections: 18_000, sockets: 19_000 });
  assert.deepEqual(descriptors(20), { maxFiles: 20, connections: 1, sockets: 2 });
});

test('a process knows its limit', () => {
  assert.ok(descriptors()!.maxFiles >= 20);
});
