import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../../../../client/index.ts';
import { EMPTY, type Journal, noted } from './journal.ts';

const trying = (...names: ('sse' | 'websocket')[]): Status => ({
  state: 'connecting',
  trying: names,
  failures: [],
  why: '',
});
const connected = (since: number): Status => ({
  state: 'connected',
  transport: 'sse',
  since,
  trying: [],
  upgradeAt: undefined,
  failures: [],
  why: '',
});
const waiting = (waitingUntil: number): Status => ({
  state: 'waiting',
  waitingUntil,
  failures: [{ transport: 'sse', cause: 'network', detail: 'gone', at: 1 }],
  why: '',
});

function after(...steps: readonly (readonly [number, Status])[]): Journal {
  return steps.reduce((journal, [now, status]) => noted(journal, status, now), EMPTY);
}

test('a transport is tried, then carries; one that is left ends', () => {
  const { spans } = after([0, trying('sse', 'websocket')], [300, connected(300)]);
  assert.deepEqual(spans, [
    { transport: 'sse', kind: 'trying', from: 0, to: 300 },
    { transport: 'websocket', kind: 'trying', from: 0, to: 300 },
    { transport: 'sse', kind: 'carrying', from: 300, to: undefined },
  ]);
});

test('the ceiling doubles with each wait, and a stable link begins it anew', () => {
  const waits = [
    [0, waiting(400)],
    [400, trying('sse')],
    [500, waiting(2100)],
    [2100, trying('sse')],
    [2200, connected(2200)],
  ] as const;
  const ceilings = (journal: Journal) => journal.waits.map(({ ceilingMs }) => ceilingMs);
  assert.deepEqual(ceilings(after(...waits, [4000, waiting(5000)])), [1000, 2000, 4000]);
  assert.deepEqual(ceilings(after(...waits, [12_200, waiting(12_900)])), [1000, 2000, 1000]);
});

test('a wait that a wake-up shortens is the same, and a failure is told once', () => {
  const { waits, entries } = after([0, waiting(900)], [100, waiting(200)]);
  assert.deepEqual(waits, [{ from: 0, until: 200, ceilingMs: 1000 }]);
  assert.deepEqual(
    entries.map(({ text }) => text),
    ['is left: network (gone)', 'Waits 0.90 s, drawn from 0 to 1 s'],
  );
});
