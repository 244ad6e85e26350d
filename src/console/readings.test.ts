import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { periodically } from './readings.ts';

test('a reading that can’t be taken is left out, and the next one is taken', async (t) => {
  let taken = 0;
  await new Promise<void>((resolve) => {
    const end = periodically(1, () => {
      taken += 1;
      if (taken < 3) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      end();
      resolve();
    });
    t.after(end);
    // The period does not keep a process alive.
    void delay(60_000, undefined, { signal: t.signal }).catch(() => {});
  });
  assert.equal(taken, 3);
});
