import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createWatchdog, LOOK_MS } from './watchdog.ts';

function watch(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const silences: string[] = [];
  const watchdog = createWatchdog(5000, ({ cause }) => silences.push(cause));
  return { watchdog, silences, pass: (ms: number) => t.mock.timers.tick(ms) };
}
const WELCOME = { welcome: { node: 'n', heartbeatMs: 20_000, from: 'me' } };

test('a link that never proves itself is mute once its time is over', (t) => {
  const { silences, pass } = watch(t);
  pass(4999);
  assert.deepEqual(silences, []);
  pass(1);
  assert.deepEqual(silences, ['mute']);
});

test('a proved link may be silent for one and a half heartbeats, from the last sign of life on', (t) => {
  const { watchdog, silences, pass } = watch(t);
  watchdog.hear(WELCOME);
  pass(20_000);
  watchdog.feed();
  pass(29_999);
  assert.deepEqual(silences, []);
  pass(1);
  assert.deepEqual(silences, ['silent']);
});

test('a suspected link has to answer soon, and any old sign of life is not an answer', (t) => {
  const { watchdog, silences, pass } = watch(t);
  watchdog.hear(WELCOME);
  watchdog.hurry(5000);
  pass(4000);
  watchdog.hear({ pong: 1 });
  pass(29_999);
  assert.deepEqual(silences, []);
  watchdog.hurry(5000);
  pass(5000);
  assert.deepEqual(silences, ['silent']);
});

test('a device that slept finds its links dead soon after waking, not after what timers had left', (t) => {
  let now = 0;
  t.mock.method(Date, 'now', () => now);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const silences: string[] = [];
  const watchdog = createWatchdog(5000, ({ cause }) => silences.push(cause));
  watchdog.hear({ welcome: { node: 'n', heartbeatMs: 30 * 60_000, from: 'me' } });
  // The clock goes on while timers stand still.
  now += 8 * 3_600_000;
  t.mock.timers.tick(LOOK_MS);
  assert.deepEqual(silences, ['silent']);
});

test('stopped, it says nothing', (t) => {
  const { watchdog, silences, pass } = watch(t);
  watchdog.stop();
  pass(60_000);
  assert.deepEqual(silences, []);
});
