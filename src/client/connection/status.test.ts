import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../failure.ts';
import type { State } from './state.ts';
import { statusOf } from './status.ts';

const PAST: State['past'] = { lastId: 2, attempt: 0, worked: undefined, failures: [], penalties: {} };
const DOWN: Failure = { cause: 'network', detail: 'no connection' };
const REFUSED: Failure = { cause: 'refused', detail: 'answered 403', status: 403 };

const waiting = (...failures: State['past']['failures']): State => {
  return { kind: 'waiting', past: { ...PAST, failures }, until: 9000, asked: false };
};
const why = (state: State) => statusOf(state, 'polling').why;

test('before anything failed it says what it does', () => {
  const round = {
    trials: [{ id: 1, transport: 'polling' as const }],
    queue: [],
    nextAt: 0,
    blocked: [],
    hintMs: 0,
  };
  assert.deepEqual(statusOf({ kind: 'racing', past: PAST, round }, 'polling'), {
    state: 'connecting',
    trying: ['polling'],
    failures: [],
    why: 'Trying what works here',
  });
});

test('a server that is down is told apart from a transport that is blocked', () => {
  const websocket = { ...REFUSED, transport: 'websocket', at: 1000 } as const;
  assert.equal(why(waiting(websocket)), 'Trying again after websocket refused (answered 403)');
  const plain = { ...DOWN, transport: 'polling', at: 900 } as const;
  const down = 'Nothing answers: polling network (no connection)';
  assert.equal(why(waiting(plain, websocket)), down);
  assert.notEqual(why(waiting({ ...plain, at: 0 }, { ...websocket, at: 60_000 })), down, 'that was long ago');
});

test('connected, it says over what, and what is left alone for which reason', () => {
  const state: State = {
    kind: 'connected',
    past: {
      ...PAST,
      failures: [
        { ...REFUSED, transport: 'websocket', at: 1 },
        { ...DOWN, transport: 'polling', at: 1 },
      ],
      penalties: { websocket: { until: 60_000, times: 1 } },
    },
    link: { id: 2, transport: 'sse', since: 5 },
    upgradeAt: 60_000,
  };
  const { failures, ...rest } = statusOf(state, 'polling');
  assert.equal(failures.length, 2);
  assert.deepEqual(rest, {
    state: 'connected',
    transport: 'sse',
    since: 5,
    trying: [],
    upgradeAt: 60_000,
    why: 'sse works, not websocket refused (answered 403)',
  });
});

test('closed, it says by whom', () => {
  const closed = (failure?: Failure): State => ({ kind: 'closed', past: PAST, failure });
  assert.equal(why(closed()), 'Closed: by the application');
  const refusal = statusOf(closed({ cause: 'forbidden', detail: 'not here', code: 'forbidden' }), 'polling');
  assert.deepEqual(
    [refusal.why, refusal.state === 'closed' && refusal.code],
    ['Closed: not here', 'forbidden'],
  );
});
