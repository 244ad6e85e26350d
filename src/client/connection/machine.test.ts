import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Failure } from '../failure.ts';
import { idle, timerAt, transition } from './machine.ts';
import type { Effect, Event, Moment, Policy, State } from './state.ts';

const POLICY: Policy = {
  transports: ['websocket', 'sse', 'http-streaming', 'long-polling', 'polling'],
  plain: 'polling',
  staggerMs: 300,
  stableAfterMs: 10_000,
  upgradeIntervalMs: 60_000,
  backoffMs: { first: 1000, most: 30_000 },
};
const CUT: Failure = { cause: 'cut', detail: 'test' };
const NETWORK: Failure = { cause: 'network', detail: 'test' };

const at = (now: number, random = 0.5): Moment => ({ policy: POLICY, now, random });

/** One of each kind, by the events that lead there. Polling has the id 1, WebSocket 2. */
const STATES: Record<State['kind'], State> = {
  idle: idle(undefined),
  racing: after({ kind: 'start' }),
  challenged: after({ kind: 'start' }, { kind: 'proved', id: 1 }),
  connected: after({ kind: 'start' }, { kind: 'proved', id: 2 }),
  waiting: after({ kind: 'start' }, lost(1, NETWORK), lost(2, NETWORK)),
  closed: after({ kind: 'close' }),
};

const EVENTS: Record<Event['kind'], Event> = {
  start: { kind: 'start' },
  proved: { kind: 'proved', id: 2 },
  lost: lost(2, CUT),
  timer: { kind: 'timer' },
  wake: { kind: 'wake' },
  renew: { kind: 'renew' },
  move: { kind: 'move', id: 2, withinMs: 1000 },
  close: { kind: 'close' },
};

type Row = readonly [to: State['kind'], ...effects: string[]];

/** Every event in every state, long after: what becomes of it, and what is done. */
const TABLE: Record<State['kind'], Record<Event['kind'], Row>> = {
  idle: {
    start: ['racing', 'open 1 polling', 'open 2 websocket'],
    proved: ['idle'],
    lost: ['idle'],
    timer: ['idle'],
    wake: ['idle'],
    renew: ['idle'],
    move: ['idle'],
    close: ['closed'],
  },
  racing: {
    start: ['racing'],
    proved: ['connected', 'adopt 2', 'close 1'],
    lost: ['racing', 'open 3 sse', 'close 2'],
    timer: ['racing', 'open 3 sse'],
    wake: ['racing'],
    renew: ['racing', 'open 3 polling', 'open 4 websocket', 'close 1', 'close 2'],
    move: ['racing'],
    close: ['closed', 'close 1', 'close 2'],
  },
  challenged: {
    start: ['challenged'],
    proved: ['connected', 'adopt 2', 'close 1'],
    lost: ['challenged', 'open 3 sse', 'close 2'],
    timer: ['challenged', 'open 3 sse'],
    wake: ['challenged'],
    renew: ['racing', 'open 3 polling', 'open 4 websocket', 'close 1', 'close 2'],
    move: ['challenged'],
    close: ['closed', 'close 1', 'close 2'],
  },
  connected: {
    start: ['connected'],
    proved: ['connected'],
    lost: ['waiting', 'close 2'],
    timer: ['connected'],
    wake: ['connected'],
    renew: ['racing', 'open 3 websocket', 'close 2'],
    move: ['challenged'],
    close: ['closed', 'close 2'],
  },
  waiting: {
    start: ['waiting'],
    proved: ['waiting'],
    lost: ['waiting'],
    timer: ['racing', 'open 3 polling', 'open 4 websocket'],
    wake: ['waiting'],
    renew: ['racing', 'open 3 polling', 'open 4 websocket'],
    move: ['waiting'],
    close: ['closed'],
  },
  closed: {
    start: ['closed'],
    proved: ['closed'],
    lost: ['closed'],
    timer: ['closed'],
    wake: ['closed'],
    renew: ['closed'],
    move: ['closed'],
    close: ['closed'],
  },
};

for (const [from, row] of entriesOf(TABLE)) {
  for (const [kind, [to, ...effects]] of entriesOf(row)) {
    test(`${from} → ${kind} → ${[to, ...effects].join(', ')}`, () => {
      const step = transition(STATES[from], EVENTS[kind], at(1_000_000));
      assert.deepEqual([step.state.kind, ...step.effects.map(describe)], [to, ...effects]);
    });
  }
}

test('a final refusal closes, whatever else is still being tried', () => {
  const { state, effects } = transition(
    STATES.racing,
    lost(1, { cause: 'forbidden', detail: 'no', final: true }),
    at(1),
  );
  assert.deepEqual([state.kind, ...effects.map(describe)], ['closed', 'close 1', 'close 2']);
});

test('a transport that fails while a plain request works is left alone, for twice as long each time', () => {
  let state = after({ kind: 'start' }, { kind: 'proved', id: 1 }, lost(2, CUT));
  assert.equal(state.past.penalties.websocket?.until, 60_000);
  // The rest of the round proves itself, and in a minute the best has its turn again.
  state = steps(state, { kind: 'proved', id: 3 });
  assert.equal(timerAt(state), 60_000);
  const retry = transition(state, { kind: 'timer' }, at(60_000));
  assert.deepEqual(retry.effects.map(describe), ['open 4 websocket']);
  const again = transition(retry.state, lost(4, CUT), at(60_000)).state;
  assert.equal(again.past.penalties.websocket?.until, 180_000);
});

test('a server that is down is nobody’s fault: no transport is left alone for it', () => {
  assert.deepEqual(STATES.waiting.past.penalties, {});
});

test('a transport that keeps failing soon after its proof is stepped below', () => {
  let state = STATES.connected;
  for (let round = 0; round < 2; round++) {
    assert.equal(state.link?.transport, 'websocket');
    state = steps(state, lost(state.past.lastId, CUT), { kind: 'timer' });
    const { lastId } = state.past;
    state = steps(state, { kind: 'proved', id: lastId });
  }
  assert.notEqual(state.link?.transport, 'websocket');
});

test('the wait grows with every round that fails, and a stable link clears it', () => {
  let state = STATES.waiting;
  const waits: number[] = [];
  for (let round = 0; round < 8; round++) {
    assert.ok(state.kind === 'waiting');
    const now = state.until;
    state = transition(state, { kind: 'timer' }, at(now)).state;
    const { lastId } = state.past;
    state = transition(state, lost(lastId - 1, NETWORK), at(now)).state;
    state = transition(state, lost(lastId, NETWORK), at(now)).state;
    assert.ok(state.kind === 'waiting');
    waits.push(state.until - now);
  }
  assert.deepEqual(waits, [1020, 2020, 4020, 8020, 15_020, 15_020, 15_020, 15_020]);

  const now = 1_000_000;
  const racing = transition(state, { kind: 'timer' }, at(now)).state;
  const connected = transition(racing, { kind: 'proved', id: racing.past.lastId }, at(now)).state;
  const cut = transition(connected, lost(racing.past.lastId, CUT), at(now + 10_000)).state;
  assert.equal(timerAt(cut), now + 10_000 + 520);
});

test('the server’s hint wins over the backoff, and waking up does not shorten it', () => {
  const busy: Failure = { cause: 'server_error', detail: '503', retryAfterMs: 5000 };
  const waiting = after({ kind: 'start' }, lost(2, NETWORK), lost(1, busy), lost(3, NETWORK));
  assert.equal(waiting.kind, 'waiting');
  assert.equal(timerAt(waiting), 5000 + 0.5 * 1250);
  assert.equal(transition(waiting, EVENTS.wake, at(0)).state, waiting);
});

test('told to move, it keeps the link until another one has proved itself', () => {
  const moving = transition(STATES.connected, EVENTS.move, at(0)).state;
  const opened = transition(moving, { kind: 'timer' }, at(timerAt(moving)!));
  assert.deepEqual(opened.effects.map(describe), ['open 3 websocket']);
  const moved = transition(opened.state, { kind: 'proved', id: 3 }, at(2000));
  assert.deepEqual(moved.effects.map(describe), ['adopt 3', 'close 2']);
});

test('what worked before is tried first and alone', () => {
  const { effects } = transition(idle('sse'), { kind: 'start' }, at(0));
  assert.deepEqual(effects.map(describe), ['open 1 sse']);
});

function lost(id: number, failure: Failure): Event {
  return { kind: 'lost', id, failure };
}

function after(...events: Event[]): State {
  return steps(idle(undefined), ...events);
}

/** Each at the time that the state waits for, or at 0. */
function steps(state: State, ...events: Event[]): State {
  return events.reduce((now, event) => {
    const due = event.kind === 'timer' ? (timerAt(now) ?? 0) : 0;
    return transition(now, event, at(due)).state;
  }, state);
}

function describe(effect: Effect): string {
  const id = 'id' in effect ? ` ${effect.id}` : '';
  return `${effect.kind}${id}${'transport' in effect ? ` ${effect.transport}` : ''}`;
}

function entriesOf<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
