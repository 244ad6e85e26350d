import { test } from 'node:test';
import { runFaults } from './run.ts';

test('nats: whatever breaks, nothing is lost silently, doubled or left hanging', (t) =>
  runFaults(t, { log: 'nats', seed: 22, faults: 6 }));
