import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from './words.ts';

test('a second is no thousand milliseconds', () => {
  const told = [0.26, 999, 999.6, 2500].map(milliseconds).map(({ figure, unit }) => `${figure} ${unit}`);
  assert.deepEqual(told, ['0.3 ms', '999 ms', '1 s', '2.5 s']);
});
