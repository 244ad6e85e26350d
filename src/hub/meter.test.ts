import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LATENCY_BUCKETS, Meter } from './meter.ts';

test('a page counts its messages as deliveries and its gaps by reason', () => {
  const meter = new Meter();
  const position = { epoch: 'e', sequence: 1 };
  const payload = { kind: 'json', text: '1' } as const;
  const message = { ...position, channel: 'a', type: undefined, time: 0, payload };
  const gap = { channel: 'a', from: position, to: position, reason: 'trimmed' } as const;
  meter.page({
    items: [
      { kind: 'gap', gap },
      { kind: 'message', message },
      { kind: 'message', message },
    ],
    position,
    more: false,
  });
  assert.equal(meter.deliveries, 2);
  assert.deepEqual(meter.gaps, { expired: 0, trimmed: 1, epoch: 0, skipped: 0 });
});

test('refusals are counted by code', () => {
  const meter = new Meter();
  for (const code of ['forbidden', 'forbidden', 'draining'] as const) meter.refused(code);
  assert.deepEqual(
    [...meter.refusals],
    [
      ['forbidden', 2],
      ['draining', 1],
    ],
  );
});

test('each tick with messages is observed once, in the bucket of its first message’s wait', (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const meter = new Meter();
  const observe = (seconds: number) => {
    meter.tickBegins();
    now += seconds * 500;
    meter.tickBegins();
    now += seconds * 500;
    meter.tickEnds();
  };
  meter.tickEnds();
  observe(0.001);
  observe(0.0011);
  observe(60);
  meter.tickEnds();
  const observed = meter.latencyCounts.flatMap((count, index) =>
    count ? [[LATENCY_BUCKETS[index], count]] : [],
  );
  assert.deepEqual(observed, [
    [0.001, 1],
    [0.0025, 1],
    [undefined, 1],
  ]);
  assert.equal(meter.latencySum.toFixed(4), '60.0021');
});
