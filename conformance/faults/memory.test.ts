import { test } from 'node:test';
import { runFaults } from './run.ts';

test('memory: whatever breaks, nothing is lost silently, doubled or left hanging', (t) =>
  runFaults(t, { log: 'memory', seed: 1 }));
