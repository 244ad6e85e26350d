import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../connection/status.ts';
import { ANSWER_MS, ASK_MS, LOOK_MS, timerAt, transition } from './machine.ts';
import type { Event, Leader, State } from './state.ts';

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
const LEADER: Leader = { term: 5, status: CONNECTED, visible: true };

const away: State = { kind: 'away' };
const seeking: State = { kind: 'seeking', askedAt: NOW };
const following: State = { kind: 'following', leader: LEADER, heardAt: NOW, askedAt: undefined };
const asking: State = { ...following, askedAt: NOW };
const leading: State = { kind: 'leading', term: 7, lookAt: NOW + LOOK_MS };
const closed: State = { kind: 'closed' };

const beat = (change: Partial<Leader> = {}): Event => ({ kind: 'beat', leader: { ...LEADER, ...change } });
const event = (kind: Exclude<Event['kind'], 'beat'>): Event => ({ kind });

/** State, event, milliseconds later, whether the page is seen → the state after it, and the effects. */
type Row = [State, Event, number, 'seen' | 'hidden', State['kind'], string];

const TABLE: readonly Row[] = [
  [away, event('start'), 0, 'seen', 'seeking', 'queue ask'],
  [away, event('granted'), 0, 'seen', 'away', ''],
  [away, event('leave'), 0, 'seen', 'away', ''],
  [away, event('close'), 0, 'seen', 'closed', ''],

  [seeking, event('granted'), 0, 'seen', 'leading', 'lead link'],
  [seeking, event('lost'), 0, 'seen', 'leading', 'lead link'],
  [seeking, beat(), 0, 'seen', 'following', 'link'],
  [seeking, event('start'), 0, 'seen', 'seeking', ''],
  [seeking, event('forgotten'), 0, 'seen', 'seeking', ''],
  [seeking, event('timer'), ANSWER_MS - 1, 'seen', 'seeking', ''],
  [seeking, event('timer'), ANSWER_MS, 'seen', 'seeking', 'steal'],
  [seeking, event('timer'), ANSWER_MS, 'hidden', 'seeking', 'ask'],
  [seeking, event('leave'), 0, 'seen', 'away', 'part unlink release'],
  [seeking, event('close'), 0, 'seen', 'closed', 'part unlink release'],

  [following, event('granted'), 0, 'seen', 'leading', 'lead link'],
  [following, beat(), 0, 'seen', 'following', ''],
  [following, beat({ term: 4 }), 0, 'seen', 'following', ''],
  [following, beat({ term: 6 }), 0, 'seen', 'following', 'link'],
  [following, event('forgotten'), 0, 'seen', 'following', 'link'],
  [following, event('shown'), 0, 'seen', 'following', 'ask'],
  [following, event('timer'), ASK_MS - 1, 'seen', 'following', ''],
  [following, event('timer'), ASK_MS, 'seen', 'following', 'ask'],
  [following, event('leave'), 0, 'hidden', 'away', 'part unlink release'],
  [following, event('close'), 0, 'seen', 'closed', 'part unlink release'],

  // A hidden leader is hampered where it waits for a timer.
  [following, beat({ visible: false }), 0, 'seen', 'following', ''],
  [following, beat({ visible: false, status: WAITING }), 0, 'seen', 'following', 'steal'],
  [following, beat({ visible: false, status: WAITING }), 0, 'hidden', 'following', ''],
  [following, beat({ status: WAITING }), 0, 'seen', 'following', ''],
  [
    following,
    beat({ visible: false, status: { ...CONNECTED, transport: 'polling' } }),
    0,
    'seen',
    'following',
    'steal',
  ],

  // One that does not answer is robbed by a page that is seen, and did not sleep itself.
  [asking, event('timer'), ANSWER_MS - 1, 'seen', 'following', ''],
  [asking, event('timer'), ANSWER_MS, 'seen', 'following', 'steal'],
  [asking, event('timer'), ANSWER_MS, 'hidden', 'following', 'ask'],
  [asking, event('timer'), 2 * ANSWER_MS, 'seen', 'following', 'ask'],
  [asking, beat(), ANSWER_MS, 'seen', 'following', ''],

  [leading, event('lost'), 0, 'seen', 'seeking', 'abdicate unlink queue ask'],
  [leading, beat({ term: 9 }), 0, 'seen', 'leading', ''],
  [leading, event('granted'), 0, 'seen', 'leading', ''],
  [leading, event('timer'), LOOK_MS - 1, 'seen', 'leading', ''],
  [leading, event('timer'), LOOK_MS, 'seen', 'leading', 'look'],
  [leading, event('leave'), 0, 'hidden', 'away', 'abdicate unlink release'],
  [leading, event('close'), 0, 'seen', 'closed', 'abdicate unlink release'],

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
  const later: State = { ...following, leader: { ...LEADER, term: NOW + 100 } };
  const { state } = transition(later, event('granted'), { now: NOW, visible: true });
  assert.equal(state.kind === 'leading' && state.term, NOW + 101);
});

test('the timer is set for what is waited for', () => {
  assert.deepEqual([away, seeking, following, asking, leading, closed].map(timerAt), [
    undefined,
    NOW + ANSWER_MS,
    NOW + ASK_MS,
    NOW + ANSWER_MS,
    NOW + LOOK_MS,
    undefined,
  ]);
});
