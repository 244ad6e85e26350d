import { test } from 'node:test';
import { runFaults } from './run.ts';

/** One seed for each log, short enough for every run of the tests; `npm run soak` goes on from there. */
const SEEDS = { memory: 1, lmdb: 1, redis: 1, nats: 1 } as const;

for (const log of ['memory', 'lmdb', 'redis', 'nats'] as const) {
  test(`${log}: whatever breaks, nothing is lost silently, doubled or left hanging`, (t) =>
    runFaults(t, { log, seed: SEEDS[log] }));
}
