import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../connection/status.ts';
import { ANSWER_MS, ASK_MS, SWEEP_MS, timerAt, transition } from './machine.ts';
import type { Event, LeaderReport, State } from './state.ts';

const NOW = 1_000_000;
const CONNECTED: Status = {
  state: 'connected',
  transport: 'sse',
  since: 0,
  trying: [],
  upgradeAt: undefined,
  failures: [],
  why: '',
};
const WAITING: Status = { state: 'waiting', waitingUntil: NOW, failures: [], why: '' };
const LEADER: LeaderReport = { term: 5, status: CONNECTED, visible: true };

const away: State = { kind: 'away' };
const candidate: State = { kind: 'candidate', askedAt: NOW };
const follower: State = { kind: 'follower', leader: LEADER, heardAt: NOW, askedAt: undefined };
const asking: State = { ...follower, askedAt: NOW };
const leader: State = { kind: 'leader', term: 7, sweepAt: NOW + SWEEP_MS };
const closed: State = { kind: 'closed' };

const heartbeat = (change: Partial<LeaderReport> = {}): Event => ({
  kind: 'heartbeat',
  leader: { ...LEADER, ...change },
});
const event = (kind: Exclude<Event['kind'], 'heartbeat'>): Event => ({ kind });

/** State, event, milliseconds later, whether the page is seen → the state after it, and the effects. */
type Row = [State, Event, number, 'seen' | 'hidden', State['kind'], string];

const TABLE: readonly Row[] = [
  [away, event('start'), 0, 'seen', 'candidate', 'queue ask'],
  [away, event('granted'), 0, 'seen', 'away', ''],
  [away, event('leave'), 0, 'seen', 'away', ''],
  [away, event('close'), 0, 'seen', 'closed', ''],

  [candidate, event('granted'), 0, 'seen', 'leader', 'lead attach'],
  [candidate, event('lost'), 0, 'seen', 'leader', 'lead attach'],
  [candidate, heartbeat(), 0, 'seen', 'follower', 'attach'],
  [candidate, event('start'), 0, 'seen', 'candidate', ''],
  [candidate, event('forgotten'), 0, 'seen', 'candidate', ''],
  [candidate, event('timer'), ANSWER_MS - 1, 'seen', 'candidate', ''],
  [candidate, event('timer'), ANSWER_MS, 'seen', 'candidate', 'steal'],
  [candidate, event('timer'), ANSWER_MS, 'hidden', 'candidate', 'ask'],
  [candidate, event('leave'), 0, 'seen', 'away', 'part detach release'],
  [candidate, event('close'), 0, 'seen', 'closed', 'part detach release'],

  [follower, event('granted'), 0, 'seen', 'leader', 'lead attach'],
  [follower, heartbeat(), 0, 'seen', 'follower', ''],
  [follower, heartbeat({ term: 4 }), 0, 'seen', 'follower', ''],
  [follower, heartbeat({ term: 6 }), 0, 'seen', 'follower', 'attach'],
  [follower, event('forgotten'), 0, 'seen', 'follower', 'attach'],
  [follower, event('shown'), 0, 'seen', 'follower', 'ask'],
  [follower, event('timer'), ASK_MS - 1, 'seen', 'follower', ''],
  [follower, event('timer'), ASK_MS, 'seen', 'follower', 'ask'],
  [follower, event('leave'), 0, 'hidden', 'away', 'part detach release'],
  [follower, event('close'), 0, 'seen', 'closed', 'part detach release'],

  // A hidden leader is hampered where it waits for a timer.
  [follower, heartbeat({ visible: false }), 0, 'seen', 'follower', ''],
  [follower, heartbeat({ visible: false, status: WAITING }), 0, 'seen', 'follower', 'steal'],
  [follower, heartbeat({ visible: false, status: WAITING }), 0, 'hidden', 'follower', ''],
  [follower, heartbeat({ status: WAITING }), 0, 'seen', 'follower', ''],
  [
    follower,
    heartbeat({ visible: false, status: { ...CONNECTED, transport: 'polling' } }),
    0,
    'seen',
    'follower',
    'steal',
  ],

  // A page that is seen, and did not sleep itself, steals the lock of a leader that does not answer.
  [asking, event('timer'), ANSWER_MS - 1, 'seen', 'follower', ''],
  [asking, event('timer'), ANSWER_MS, 'seen', 'follower', 'steal'],
  [asking, event('timer'), ANSWER_MS, 'hidden', 'follower', 'ask'],
  [asking, event('timer'), 2 * ANSWER_MS, 'seen', 'follower', 'ask'],
  [asking, heartbeat(), ANSWER_MS, 'seen', 'follower', ''],

  [leader, event('lost'), 0, 'seen', 'candidate', 'resign detach queue ask'],
  [leader, heartbeat({ term: 9 }), 0, 'seen', 'leader', ''],
  [leader, event('granted'), 0, 'seen', 'leader', ''],
  [leader, event('timer'), SWEEP_MS - 1, 'seen', 'leader', ''],
  [leader, event('timer'), SWEEP_MS, 'seen', 'leader', 'sweep'],
  [leader, event('leave'), 0, 'hidden', 'away', 'resign detach release'],
  [leader, event('close'), 0, 'seen', 'closed', 'resign detach release'],

  [closed, event('granted'), 0, 'seen', 'closed', ''],
  [closed, event('start'), 0, 'seen', 'closed', ''],
  [closed, event('close'), 0, 'seen', 'closed', ''],
];

for (const [before, happened, laterMs, visibility, kind, effects] of TABLE) {
  const title = `${before.kind}, ${happened.kind} after ${laterMs} ms, ${visibility}: ${kind} ${effects}`;
  test(title, () => {
    const step = transition(before, happened, { now: NOW + laterMs, visible: visibility === 'seen' });
    assert.deepEqual([step.state.kind, step.effects.map((effect) => effect.kind).join(' ')], [kind, effects]);
  });
}

test('each leader has a larger term than the one before, whatever the clock says', () => {
  const later: State = { ...follower, leader: { ...LEADER, term: NOW + 100 } };
  const { state } = transition(later, event('granted'), { now: NOW, visible: true });
  assert.equal(state.kind === 'leader' && state.term, NOW + 101);
});

test('the timer is set for what is waited for', () => {
  assert.deepEqual([away, candidate, follower, asking, leader, closed].map(timerAt), [
    undefined,
    NOW + ANSWER_MS,
    NOW + ASK_MS,
    NOW + ANSWER_MS,
    NOW + SWEEP_MS,
    undefined,
  ]);
});
