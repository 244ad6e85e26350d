import type { Effect, Event, Following, Leader, Moment, Seeking, State } from './state.ts';

/** How often a tab asks for a sign of life: as often it gives one. A hidden page's timers fire once a minute at worst. */
export const ASK_MS = 10_000;
/** A leader that has not answered by then is not there. Longer than a page is busy with itself. */
export const ANSWER_MS = 5000;
export const LOOK_MS = 60_000;

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Which tab holds the connection. The lock decides; what is said between tabs only tells who has it and how it does. */
export function transition(state: State, event: Event, moment: Moment): Step {
  const { now } = moment;
  const stay: Step = { state, effects: [] };
  if (state.kind === 'closed') return stay;
  if (event.kind === 'close') return { state: { kind: 'closed' }, effects: parting(state) };
  if (state.kind === 'away') return event.kind === 'start' ? seek(now, []) : stay;
  if (event.kind === 'leave') return { state: { kind: 'away' }, effects: parting(state) };

  if (state.kind === 'leading') {
    if (event.kind === 'lost') return seek(now, [{ kind: 'abdicate' }, { kind: 'unlink' }]);
    if (event.kind !== 'timer' || now < state.lookAt) return stay;
    return { state: { ...state, lookAt: now + LOOK_MS }, effects: [{ kind: 'look' }] };
  }
  switch (event.kind) {
    case 'granted':
    // Where there is no lock to be had (storage may be forbidden), everyone leads itself.
    case 'lost': {
      const term = Math.max(now, state.kind === 'following' ? state.leader.term + 1 : 0);
      return {
        state: { kind: 'leading', term, lookAt: now + LOOK_MS },
        effects: [{ kind: 'lead', term }, { kind: 'link' }],
      };
    }
    case 'beat':
      return hear(state, event.leader, moment);
    case 'forgotten':
      return { state, effects: state.kind === 'following' ? [{ kind: 'link' }] : [] };
    case 'shown':
      return ask(state, now);
    case 'timer':
      return now < timerAt(state)! ? stay : wait(state, moment);
    default:
      return stay;
  }
}

export function timerAt(state: State): number | undefined {
  switch (state.kind) {
    case 'seeking':
      return state.askedAt + ANSWER_MS;
    case 'following':
      return state.askedAt === undefined ? state.heardAt + ASK_MS : state.askedAt + ANSWER_MS;
    case 'leading':
      return state.lookAt;
    default:
      return undefined;
  }
}

function seek(now: number, before: readonly Effect[]): Step {
  return {
    state: { kind: 'seeking', askedAt: now },
    effects: [...before, { kind: 'queue' }, { kind: 'ask' }],
  };
}

function ask(state: Seeking | Following, now: number): Step {
  return { state: { ...state, askedAt: now }, effects: [{ kind: 'ask' }] };
}

function parting({ kind }: State): readonly Effect[] {
  if (kind === 'leading') return [{ kind: 'abdicate' }, { kind: 'unlink' }, { kind: 'release' }];
  if (kind === 'away') return [];
  return [{ kind: 'part' }, { kind: 'unlink' }, { kind: 'release' }];
}

function hear(state: Seeking | Following, leader: Leader, { now, visible }: Moment): Step {
  const known = state.kind === 'following' ? state.leader.term : 0;
  if (leader.term < known) return { state, effects: [] };
  const effects: Effect[] = leader.term > known ? [{ kind: 'link' }] : [];
  if (visible && isHampered(leader)) effects.push({ kind: 'steal' });
  return { state: { kind: 'following', leader, heardAt: now, askedAt: undefined }, effects };
}

/**
 * A hidden page gets what the network brings at once, but its timers late: a connection that works stays with it, and what
 * waits for a timer, to connect again or to poll, goes to a page that is seen.
 */
function isHampered({ visible, status }: Leader): boolean {
  return !visible && (status.state !== 'connected' || status.transport === 'polling');
}

function wait(state: Seeking | Following, { now, visible }: Moment): Step {
  const { askedAt } = state;
  // It was this page that slept, if the timer is as late as that: the answer may be there, and unread.
  const missed = askedAt !== undefined && now < askedAt + 2 * ANSWER_MS;
  if (!missed || !visible) return ask(state, now);
  return { state: { ...state, askedAt: now }, effects: [{ kind: 'steal' }] };
}
