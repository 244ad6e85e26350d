import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeReport } from '../../../operate/reports.ts';
import { percentile, type Sample, samplesOf, type Timed, together } from './samples.ts';

function reportAt(time: number, messages: number, counts: readonly number[] = [0, 0]): Timed {
  const stats = {
    connections: { sse: messages },
    lagging: 1,
    polls: 0,
    messages,
    deliveries: 2 * messages,
    bytes: 100 * messages,
    gaps: { trimmed: messages },
    refusals: {},
    latency: { bounds: [0.001], counts },
    drain: { state: 'serving' },
  } as const;
  const report: NodeReport = {
    node: 'n',
    time,
    pid: 1,
    host: 'h',
    since: 0,
    load: 0,
    memoryBytes: 5,
    eventLoopDelayMs: time / 1000,
    stats,
  };
  return { time, report };
}

test('rates are of the time between two reports, however late the second came', () => {
  const [one, other, ...more] = samplesOf([
    reportAt(1000, 0),
    reportAt(2000, 10, [3, 0]),
    reportAt(4000, 50, [3, 1]),
  ]);
  assert.deepEqual(more, []);
  assert.deepEqual([one!.published, one!.delivered, one!.bytes, one!.gaps], [10, 20, 1000, 10]);
  assert.deepEqual([other!.published, other!.time], [20, 4000]);
  assert.deepEqual(
    [one!.latencyCounts, other!.latencyCounts],
    [
      [3, 0],
      [0, 1],
    ],
  );
});

test('one report alone tells of no rate', () => {
  assert.deepEqual(samplesOf([reportAt(1000, 5)]), []);
});

test('several processes are added up at each full second, and one that is silent is left out', () => {
  const one = samplesOf([1000, 2010, 3020, 4030, 5040, 6050].map((time, index) => reportAt(time, index)));
  const other = samplesOf([1500, 2400].map((time, index) => reportAt(time, index)));
  const sums = together([one, other]);
  assert.deepEqual(
    sums.map(({ time, connections }) => [time, connections.sse]),
    [
      [3000, 2],
      [4000, 3],
      [5000, 4],
      [6000, 4],
    ],
  );
  const [{ memoryBytes, eventLoopDelayMs, lagging }] = sums as [Sample];
  assert.deepEqual([memoryBytes, eventLoopDelayMs, lagging], [10, 2.4, 2]);
});

test('a single process is shown as it told', () => {
  const samples = samplesOf([reportAt(1, 0), reportAt(1001, 1)]);
  assert.equal(together([samples]), samples);
  assert.deepEqual(together([]), []);
});

test('a percentile lies within its bucket, as if that were evenly filled', () => {
  const bounds = [0.001, 0.01];
  assert.equal(percentile([0, 0, 0], bounds, 0.99), undefined);
  assert.equal(percentile([100, 0, 0], bounds, 0.5), 0.5);
  assert.equal(percentile([50, 50, 0], bounds, 0.99)?.toFixed(2), '9.82');
  assert.equal(percentile([0, 0, 4], bounds, 0.99), 10, 'above the last bound it is at least that');
});
