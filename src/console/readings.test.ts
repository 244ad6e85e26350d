import assert from 'node:assert/strict';
import { test } from 'node:test';
import { periodically } from './readings.ts';

test('a reading that can’t be taken is left out, and the next one is taken', async () => {
  let taken = 0;
  // The period alone does not keep a process alive.
  const alive = setInterval(() => {}, 1000);
  await new Promise<void>((resolve) => {
    const end = periodically(1, () => {
      taken += 1;
      if (taken < 3) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      end();
      resolve();
    });
  });
  clearInterval(alive);
  assert.equal(taken, 3);
});
