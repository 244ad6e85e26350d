import { test } from 'node:test';
import { runFaults } from './run.ts';

test('redis: whatever breaks, nothing is lost silently, doubled or left hanging', (t) =>
  runFaults(t, { log: 'redis', seed: 16, faults: 6 }));
