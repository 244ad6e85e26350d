import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { levelFor } from './level.ts';

test('exactly the excess stands above the level, as far as there is so much', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.nat(5000), (costs, excess) => {
      const level = levelFor(costs, excess);
      const above = costs.reduce((sum, cost) => sum + Math.max(0, cost - level), 0);
      const total = costs.reduce((sum, cost) => sum + cost, 0);
      assert.ok(Math.abs(above - Math.min(excess, total)) < 1e-6, `${above} above ${level}`);
    }),
  );
});
