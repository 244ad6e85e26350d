import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.ts';

/** How many of `count` takes at one moment are given. */
function given(limiter: RateLimiter, now: number, count: number): number {
  return Array.from({ length: count }, () => limiter.take('a', now, 1)).filter((wait) => wait === 0).length;
}

test('twice the rate is given at once, then the rate in every later second', () => {
  const limiter = new RateLimiter(10);
  assert.equal(given(limiter, 0, 100), 20);
  for (const now of [1000, 2000, 3000]) assert.equal(given(limiter, now, 100), 10);
  assert.equal(given(limiter, 3100, 100), 1);
});

test('a bucket refills to its burst and no further', () => {
  const limiter = new RateLimiter(10);
  const keys = Array.from({ length: 20 }, (_, index) => `client ${index}`);
  for (const key of keys) limiter.take(key, 0, 20);
  // Backwards, so that some buckets are asked before they were forgotten as full.
  for (const key of keys.reverse()) assert.equal(limiter.take(key, 60_000, 20), 0);
  for (const key of keys) assert.equal(limiter.take(key, 60_000, 1), 0.1);
});

test('keys have buckets of their own', () => {
  const limiter = new RateLimiter(1);
  limiter.take('a', 0, 2);
  assert.equal(limiter.take('a', 0, 1), 1);
  assert.equal(limiter.take('b', 0, 1), 0);
});

test('a cost beyond the burst would never be given, and takes nothing', () => {
  const limiter = new RateLimiter(10);
  assert.equal(limiter.take('a', 0, 21), Infinity);
  assert.equal(limiter.take('a', 0, 20), 0);
  assert.equal(limiter.take('a', 0, 20), 2);
});

test('costs of several kinds are taken together or not at all', () => {
  const limiter = new RateLimiter(10, 1000);
  assert.equal(limiter.take('a', 0, 1, 1500), 0);
  assert.equal(limiter.take('a', 0, 1, 1500), 1);
  assert.equal(limiter.take('a', 0, 1, 2001), Infinity);
  // The refused ones took no turn of the first kind.
  assert.equal(limiter.take('a', 0, 19, 0), 0);
  assert.equal(limiter.take('a', 0, 1, 0), 0.1);
});

test('a rate that would never give anything is refused', () => {
  for (const rate of [0, -1, Number.NaN]) assert.throws(() => new RateLimiter(rate), RangeError);
});

const takes = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    pause: fc.integer({ min: 0, max: 3000 }),
    cost: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 100 },
);

test('between any two moments no key gets more than the burst and what refilled in between', () => {
  fc.assert(
    fc.property(takes, fc.integer({ min: 15, max: 200 }), (asked, rate) => {
      const limiter = new RateLimiter(rate);
      let now = 0;
      const granted: { key: string; at: number; cost: number }[] = [];
      for (const { key, pause, cost } of asked) {
        now += pause;
        if (limiter.take(key, now, cost) === 0) granted.push({ key, at: now, cost });
      }
      granted.forEach((first, index) => {
        let sum = 0;
        for (const { key, at, cost } of granted.slice(index)) {
          if (key !== first.key) continue;
          sum += cost;
          assert.ok(sum <= 2 * rate + ((at - first.at) / 1000) * rate + 1e-6);
        }
      });
    }),
  );
});

test('whoever waits as long as told is given what was asked for, and no sooner than a millisecond less', () => {
  fc.assert(
    fc.property(takes, fc.integer({ min: 15, max: 200 }), (asked, rate) => {
      const limiter = new RateLimiter(rate);
      let now = 0;
      for (const { key, pause, cost } of asked) {
        now += pause;
        const wait = limiter.take(key, now, cost);
        if (wait === 0) continue;
        assert.ok(wait <= 2, 'nobody waits for longer than a burst takes');
        now += Math.round(wait * 1000);
        assert.ok(wait <= 0.001 || limiter.take(key, now - 1.001, cost) > 0);
        assert.equal(limiter.take(key, now, cost), 0);
      }
    }),
  );
});

test('full buckets are forgotten, even behind one that is always taken from', () => {
  const limiter = new RateLimiter(1000);
  for (let client = 0; client < 50_000; client++) {
    limiter.take('busy', client, 1);
    limiter.take(`client ${client}`, client, 1);
    assert.ok(limiter.size <= 10, `${limiter.size} buckets are kept`);
  }
});
