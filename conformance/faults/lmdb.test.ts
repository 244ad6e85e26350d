import { test } from 'node:test';
import { runFaults } from './run.ts';

test('lmdb: whatever breaks, nothing is lost silently, doubled or left hanging', (t) =>
  runFaults(t, { log: 'lmdb', seed: 1, faults: 8 }));
