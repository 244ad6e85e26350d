import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BACKOFF } from './connection/backoff.ts';
import { createOutbox } from './outbox.ts';

function empty(repeats = true) {
  let ref = 0;
  return createOutbox(
    () => ++ref,
    () => {},
    repeats,
    BACKOFF,
  );
}

function filled(...bodies: object[]) {
  const outbox = empty();
  const answers = bodies.map((body) => outbox.add(body));
  for (const answer of answers) answer.catch(() => {});
  return { outbox, answers };
}
const refs = (frames: readonly string[]) => frames.map((frame) => JSON.parse(frame).ref);

test('what was sent is sent again after a loss, under the same number and in order', () => {
  const { outbox } = filled({}, {}, {});
  const first = outbox.take(1);
  assert.deepEqual(refs(first), [1, 2, 3]);
  assert.deepEqual(outbox.take(1), []);
  outbox.answer({ ref: 1, ok: { id: 'a.1' } });
  outbox.lost(1);
  assert.deepEqual(outbox.take(2), first.slice(1));
});

test('an answer resolves once, whichever link it comes over', async () => {
  const { outbox, answers } = filled({});
  outbox.take(1);
  outbox.requeue();
  outbox.take(2);
  outbox.answer({ ref: 1, ok: { id: 'a.1' } });
  outbox.answer({ ref: 1, ok: { id: 'other' } });
  assert.deepEqual(await answers[0], { id: 'a.1' });
});

test('a request that was sent is not sent again, one that was not is', async () => {
  const outbox = empty(false);
  const sent = outbox.add({});
  outbox.take(1);
  assert.equal(outbox.awaits(1), true);
  outbox.add({}).catch(() => {});
  outbox.lost(1);
  await assert.rejects(sent, { code: 'connection_lost' });
  assert.equal(outbox.awaits(1), false);
  assert.deepEqual(refs(outbox.take(2)), [2]);
});

test('a publish that is refused for now holds those behind it back, for as long as the hub asked for', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Math, 'random', () => 0.5);
  const { outbox } = filled({}, {});
  outbox.take(1);
  const error = { code: 'too_many_publishes', detail: '', retryAfter: 40 } as const;
  outbox.answer({ ref: 1, error });
  outbox.answer({ ref: 2, error });
  assert.deepEqual(outbox.take(1), []);
  // Jittered by an eighth: all clients heard the same.
  t.mock.timers.tick(44_999);
  assert.deepEqual(outbox.take(1), []);
  t.mock.timers.tick(1);
  assert.deepEqual(refs(outbox.take(1)), [1, 2]);
});

test('what was held back is given out when the timer fires, whatever the clock says by then', (t) => {
  // Timers have whole milliseconds, and may fire before the moment that they were set for.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Date, 'now', () => 0);
  const taken: string[] = [];
  const outbox = createOutbox(
    () => 1,
    () => taken.push(...outbox.take(1)),
    true,
    BACKOFF,
  );
  outbox.add({}).catch(() => {});
  taken.length = 0;
  outbox.answer({ ref: 1, error: { code: 'log_unavailable', detail: '' } });
  t.mock.timers.tick(2000);
  assert.equal(taken.length, 1);
});

test('a publish that is refused for good rejects with the hub’s code', async () => {
  const { outbox, answers } = filled({});
  outbox.take(1);
  outbox.answer({ ref: 1, error: { code: 'forbidden', detail: 'no' } });
  await assert.rejects(answers[0]!, { code: 'forbidden', message: 'no' });
});

test('a batch is bounded by frames and by size, and never empty for one that is too big', () => {
  const { outbox } = filled({ data: 'x'.repeat(100) }, {}, {}, {});
  assert.deepEqual(refs(outbox.take(-1, 2, 50)), [1]);
  assert.deepEqual(refs(outbox.take(-2, 2, 50)), [2, 3]);
});

test('what is given up is not sent', async () => {
  const { outbox } = filled();
  const stop = new AbortController();
  const answer = outbox.add({}, { signal: stop.signal });
  stop.abort(new Error('changed my mind'));
  await assert.rejects(answer, /changed my mind/);
  assert.deepEqual(outbox.take(1), []);
});

test('a duplex link that takes over need not wait for what held the requests back', () => {
  const { outbox } = filled({});
  outbox.take(-1);
  outbox.hold(40_000);
  outbox.lost(-1);
  assert.deepEqual(outbox.take(-2), []);
  outbox.requeue();
  assert.deepEqual(refs(outbox.take(1)), [1]);
});
