import type { Candidate, Effect, Event, Follower, LeaderReport, Moment, State } from './state.ts';

/** After so long without a heartbeat a tab asks for one. A hidden page's timers fire once a minute at worst. */
export const ASK_MS = 10_000;
/** A leader without a heartbeat by then is taken for gone. The time is longer than a page is busy with itself. */
export const ANSWER_MS = 5000;
/** How often the leader looks for tabs that are gone. */
export const SWEEP_MS = 60_000;

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Decides what a tab does next. The lock alone elects the leader; notices only tell the tabs which leader it is, and how it does. */
export function transition(state: State, event: Event, moment: Moment): Step {
  const { now } = moment;
  const stay: Step = { state, effects: [] };
  if (state.kind === 'closed') return stay;
  if (event.kind === 'close') return { state: { kind: 'closed' }, effects: leaving(state) };
  if (state.kind === 'away') return event.kind === 'start' ? stand(now, []) : stay;
  if (event.kind === 'leave') return { state: { kind: 'away' }, effects: leaving(state) };

  if (state.kind === 'leader') {
    if (event.kind === 'lost') return stand(now, [{ kind: 'resign' }, { kind: 'detach' }]);
    if (event.kind !== 'timer' || now < state.sweepAt) return stay;
    return { state: { ...state, sweepAt: now + SWEEP_MS }, effects: [{ kind: 'sweep' }] };
  }
  switch (event.kind) {
    case 'granted':
    // Where the browser gives the lock to nobody, as it may where storage is forbidden, each tab leads itself.
    case 'lost': {
      const term = Math.max(now, state.kind === 'follower' ? state.leader.term + 1 : 0);
      return {
        state: { kind: 'leader', term, sweepAt: now + SWEEP_MS },
        effects: [{ kind: 'lead', term }, { kind: 'attach' }],
      };
    }
    case 'heartbeat':
      return hear(state, event.leader, moment);
    case 'forgotten':
      return { state, effects: state.kind === 'follower' ? [{ kind: 'attach' }] : [] };
    case 'shown':
      return ask(state, now);
    case 'timer':
      return now < timerAt(state)! ? stay : missHeartbeat(state, moment);
    default:
      return stay;
  }
}

export function timerAt(state: State): number | undefined {
  switch (state.kind) {
    case 'candidate':
      return state.askedAt + ANSWER_MS;
    case 'follower':
      return state.askedAt === undefined ? state.heardAt + ASK_MS : state.askedAt + ANSWER_MS;
    case 'leader':
      return state.sweepAt;
    default:
      return undefined;
  }
}

function stand(now: number, before: readonly Effect[]): Step {
  return {
    state: { kind: 'candidate', askedAt: now },
    effects: [...before, { kind: 'queue' }, { kind: 'ask' }],
  };
}

function ask(state: Candidate | Follower, now: number): Step {
  return { state: { ...state, askedAt: now }, effects: [{ kind: 'ask' }] };
}

function leaving({ kind }: State): readonly Effect[] {
  if (kind === 'leader') return [{ kind: 'resign' }, { kind: 'detach' }, { kind: 'release' }];
  if (kind === 'away') return [];
  return [{ kind: 'part' }, { kind: 'detach' }, { kind: 'release' }];
}

function hear(state: Candidate | Follower, leader: LeaderReport, { now, visible }: Moment): Step {
  const known = state.kind === 'follower' ? state.leader.term : 0;
  if (leader.term < known) return { state, effects: [] };
  const effects: Effect[] = leader.term > known ? [{ kind: 'attach' }] : [];
  if (visible && isHampered(leader)) effects.push({ kind: 'steal' });
  return { state: { kind: 'follower', leader, heardAt: now, askedAt: undefined }, effects };
}

/**
 * A browser hands a hidden page what the network brings at once, but fires its timers late. So a connection that works
 * stays with a hidden leader. One that waits for a timer, to connect again or to poll, goes to a page that is seen.
 */
function isHampered({ visible, status }: LeaderReport): boolean {
  return !visible && (status.state !== 'connected' || status.transport === 'polling');
}

function missHeartbeat(state: Candidate | Follower, { now, visible }: Moment): Step {
  const { askedAt } = state;
  // A timer as late as that means that this page slept, so that the heartbeat may have come and be unread.
  const missed = askedAt !== undefined && now < askedAt + 2 * ANSWER_MS;
  if (!missed || !visible) return ask(state, now);
  return { state: { ...state, askedAt: now }, effects: [{ kind: 'steal' }] };
}
