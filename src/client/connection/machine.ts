import type { TransportName } from '../../protocol/transport-name.ts';
import type { Cause, Failure } from '../failure.ts';
import { MIN_DELAY_MS, waitMs } from './backoff.ts';
import { effectsOf } from './effects.ts';
import type {
  Connected,
  Effect,
  Event,
  Moment,
  Past,
  Penalty,
  ProvedLink,
  Round,
  State,
  Trial,
} from './state.ts';

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** For these causes the server or the network is to blame, and not the transport. */
const EXCUSED: readonly Cause[] = ['network', 'server_error', 'unauthenticated', 'forbidden', 'going_away'];
/** A link counts as lasting once it has lived so many times `stableAfterMs`. */
const LASTING = 6;
const MAX_DOUBLINGS = 5;
/** A wake-up shortens a wait to a random part of this, because a network comes back for many clients at once. */
const WAKE_MS = 500;

const NOTHING: Round = { trials: [], queue: [], nextAt: 0, blocked: [], hintMs: 0 };

export function idle(worked: TransportName | undefined): State {
  return { kind: 'idle', past: { lastId: 0, attempt: 0, worked, failures: [], penalties: {} } };
}

/** Only this function changes a connection. The effects are to be run in their order. */
export function transition(state: State, event: Event, moment: Moment): Step {
  const next = state.kind === 'closed' ? state : nextState(state, event, moment);
  return { state: next, effects: effectsOf(state, next) };
}

function nextState(state: State, event: Event, moment: Moment): State {
  const { past, link, round } = state;
  switch (event.kind) {
    case 'start':
      return state.kind === 'idle' ? race(past, moment) : state;
    case 'close':
      return { kind: 'closed', past, failure: undefined };
    case 'timer':
      return moment.now >= (timerAt(state) ?? moment.now + 1) ? due(state, moment) : state;
    case 'renew':
      return state.kind === 'idle' ? state : race(past, moment);
    case 'wake':
      return state.kind === 'waiting' && !state.asked
        ? { ...state, until: Math.min(state.until, moment.now + MIN_DELAY_MS + moment.random * WAKE_MS) }
        : state;
  }
  const trial = round?.trials.find(({ id }) => id === event.id);
  if (trial && event.kind === 'proved') return proved(past, trial, round!, moment);
  if (trial && event.kind === 'lost') return lostTrial(state, trial, event.failure, moment);
  if (link?.id !== event.id) return state;
  if (event.kind === 'lost') return lostLink(past, link, round, event.failure, moment);
  return event.kind === 'move' ? leave(past, link, round, event.withinMs, moment) : state;
}

/** When the event `timer` is due; undefined where the state waits for a link or a trial. */
export function timerAt(state: State): number | undefined {
  if (state.round) return state.round.queue.length > 0 ? state.round.nextAt : undefined;
  if (state.kind === 'connected') return state.upgradeAt;
  return state.kind === 'waiting' ? state.until : undefined;
}

function due({ past, link, round }: State, moment: Moment): State {
  if (round) return carryOn(past, link, round, moment, 1);
  if (!link) return race(past, moment);
  const queue = usable(better(link.transport, moment), past, moment);
  return carryOn(past, link, { ...NOTHING, queue }, moment, 1);
}

function race(past: Past, moment: Moment): State {
  const queue = plan(past, moment);
  // Where nothing worked before, two start at once: the plain request, which brings the first data, and the best transport.
  const unknown = queue[0] === moment.policy.plain && queue[0] !== past.worked;
  return carryOn(past, undefined, { ...NOTHING, queue }, moment, unknown ? 2 : 1);
}

/** The order in which transports are tried: the one that worked, the plain request, then the others, best first. */
function plan(past: Past, moment: Moment): TransportName[] {
  const names = usable(moment.policy.transports, past, moment);
  const first = [past.worked, moment.policy.plain].filter((name) => names.includes(name!)) as TransportName[];
  return [...new Set([...first, ...names])];
}

/** The names without those under a penalty, unless all are. */
function usable(
  names: readonly TransportName[],
  { penalties }: Past,
  { now }: Moment,
): readonly TransportName[] {
  const kept = names.filter((name) => now >= (penalties[name]?.until ?? 0));
  return kept.length > 0 ? kept : names;
}

function better(than: TransportName, { policy: { transports } }: Moment): readonly TransportName[] {
  return transports.slice(0, transports.indexOf(than));
}

/** Tries the next `count` of the queue. The state follows from whether there is a link, a trial or a queue. */
function carryOn(before: Past, link: ProvedLink | undefined, from: Round, moment: Moment, count = 0): State {
  const { now, policy } = moment;
  let { lastId } = before;
  const launched = from.queue.slice(0, count).map((transport) => ({ id: ++lastId, transport }));
  const trials = [...from.trials, ...launched];
  const queue = from.queue.slice(count);
  const round: Round = { ...from, trials, queue, nextAt: count ? now + policy.staggerMs : from.nextAt };
  const goesOn = trials.length + queue.length > 0;
  const past = { ...before, lastId };
  if (!link) return goesOn ? { kind: 'racing', past, round } : wait(past, round.hintMs, moment);
  const judged = round.blocked.reduce((all, name) => blame(all, name, moment), past);
  return goesOn
    ? { kind: 'challenged', past: judged, link, round: { ...round, blocked: [] } }
    : settle(judged, link, moment);
}

function proved(past: Past, trial: Trial, round: Round, moment: Moment): State {
  const above = better(trial.transport, moment);
  // The transport that worked before came first, but a better one that is not under a penalty may work here.
  const queue = round.queue.filter((name) => above.includes(name));
  const trials = round.trials.filter(({ transport }) => above.includes(transport));
  return carryOn(past, { ...trial, since: moment.now }, { ...round, trials, queue }, moment);
}

function settle(past: Past, link: ProvedLink, moment: Moment): Connected {
  const { now, policy } = moment;
  // One that was never tried is offered by the hub only now: its turn is as soon as the link is stable.
  const turns = better(link.transport, moment).map(
    (name) =>
      past.penalties[name]?.until ||
      now + (past.failures.some(({ transport }) => transport === name) ? policy.upgradeIntervalMs : 0),
  );
  // There is none on the best transport, so that no upgrade is tried.
  const upgradeAt = turns.length > 0 ? Math.max(Math.min(...turns), now + policy.stableAfterMs) : undefined;
  return { kind: 'connected', past: { ...past, worked: link.transport }, link, upgradeAt };
}

function lostTrial(state: State, { id, transport }: Trial, failure: Failure, moment: Moment): State {
  const { link } = state;
  const round = state.round!;
  const past = record(state.past, transport, failure, moment);
  if (failure.final && !link) return { kind: 'closed', past, failure };
  const after: Round = {
    ...round,
    trials: round.trials.filter((each) => each.id !== id),
    // If not even a plain request gets through, the others would fail for the same reason.
    queue: link || transport !== moment.policy.plain ? round.queue : [],
    blocked: EXCUSED.includes(failure.cause) ? round.blocked : [...round.blocked, transport],
    hintMs: Math.max(round.hintMs, failure.retryAfterMs ?? 0),
  };
  return carryOn(past, link, after, moment, 1);
}

function lostLink(
  before: Past,
  link: ProvedLink,
  round: Round | undefined,
  failure: Failure,
  moment: Moment,
): State {
  const past = judge(record(before, link.transport, failure, moment), link, failure, moment);
  if (failure.final) return { kind: 'closed', past, failure };
  return carryOn(past, undefined, { ...(round ?? NOTHING), hintMs: failure.retryAfterMs ?? 0 }, moment);
}

/**
 * What a lost link means for its transport. A link that was stable resets the backoff. One that lasted clears the
 * transport's penalty. One that did not gets its transport a penalty, so that another is used.
 */
function judge(before: Past, { transport, since }: ProvedLink, { cause }: Failure, moment: Moment): Past {
  const livedMs = moment.now - since;
  const { stableAfterMs } = moment.policy;
  const past = livedMs < stableAfterMs ? before : { ...before, attempt: 0 };
  if (livedMs >= stableAfterMs * LASTING) return penalise(past, transport, undefined);
  if (EXCUSED.includes(cause)) return past;
  // The first time is only noted, because it may be chance: a change of networks, for example.
  return past.penalties[transport]
    ? blame(past, transport, moment)
    : penalise(past, transport, { until: 0, times: 0 });
}

/** Puts a transport under a penalty, each time in a row for twice as long. */
function blame(past: Past, transport: TransportName, { policy, now }: Moment): Past {
  const times = past.penalties[transport]?.times ?? 0;
  const until = now + policy.upgradeIntervalMs * 2 ** Math.min(times, MAX_DOUBLINGS);
  const worked = past.worked === transport ? undefined : past.worked;
  return penalise({ ...past, worked }, transport, { until, times: times + 1 });
}

function penalise(past: Past, transport: TransportName, penalty: Penalty | undefined): Past {
  return { ...past, penalties: { ...past.penalties, [transport]: penalty } };
}

function record(past: Past, transport: TransportName, failure: Failure, { now }: Moment): Past {
  const others = past.failures.filter((each) => each.transport !== transport);
  return { ...past, failures: [...others, { ...failure, transport, at: now }] };
}

function wait(past: Past, hintMs: number, { policy: { backoffMs: backoff }, now, random }: Moment): State {
  const delayMs = waitMs(hintMs, past.attempt, backoff, random);
  return {
    kind: 'waiting',
    past: { ...past, attempt: past.attempt + 1 },
    until: now + delayMs,
    asked: hintMs > 0,
  };
}

/** The link's node goes away. The link stays until another has proved itself. */
function leave(
  past: Past,
  link: ProvedLink,
  round: Round | undefined,
  withinMs: number,
  moment: Moment,
): State {
  const queue = [...new Set([link.transport, ...plan(past, moment)])];
  const nextAt = moment.now + MIN_DELAY_MS + moment.random * withinMs;
  return carryOn(past, link, { ...(round ?? NOTHING), queue, nextAt }, moment);
}
