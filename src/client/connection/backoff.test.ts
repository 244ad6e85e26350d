import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BACKOFF, backoffMs, MIN_DELAY_MS } from './backoff.ts';

test('the ceiling doubles from one second and stops at thirty', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 100].map((attempt) => backoffMs(attempt, BACKOFF, 1) - MIN_DELAY_MS);
  assert.deepEqual(ceilings, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test('the first attempt is jittered as well, and no delay is zero', () => {
  assert.equal(backoffMs(0, BACKOFF, 0), MIN_DELAY_MS);
  assert.equal(backoffMs(0, BACKOFF, 0.25), MIN_DELAY_MS + 250);
});
