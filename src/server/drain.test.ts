import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Connection } from '../hub/connections/connection.ts';
import { drain } from './drain.ts';

/** The least that a client of the SDK waits before it moves. */
const CLIENTS_WAIT_MS = 20;

function connections(count: number) {
  const told: number[] = [];
  let closed = 0;
  const all = Array.from({ length: count }, () => ({
    move: (withinMs: number) => told.push(withinMs),
    close: () => {
      closed += 1;
    },
  }));
  return {
    set: new Set(all as unknown as Connection[]),
    told,
    get closed() {
      return closed;
    },
  };
}

function mockTimers(t: TestContext): (ms: number) => void {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  return (ms) => t.mock.timers.tick(ms);
}

test('all are told the window at once, and are closed evenly over it', async (t) => {
  const pass = mockTimers(t);
  const leaving = connections(10);
  const drained = drain(leaving.set, 1000);
  assert.deepEqual(leaving.told, Array(10).fill(1000));
  for (let closed = 1; closed <= 10; closed++) {
    pass(100);
    assert.equal(leaving.closed, closed);
  }
  await drained;
});

test('the window is a millisecond a connection, half a minute at most, and never too short to move', async (t) => {
  mockTimers(t);
  const few = connections(5);
  void drain(few.set);
  assert.ok(few.told.every((withinMs) => withinMs > CLIENTS_WAIT_MS * 2));
  const some = connections(500);
  void drain(some.set);
  assert.equal(some.told[0], 500);
  const many = connections(40_000);
  void drain(many.set);
  assert.equal(many.told[0], 30_000);
});

test('nobody to send away is done at once', async () => {
  await drain(new Set());
});
