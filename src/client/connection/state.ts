import type { TransportName } from '../../protocol/transport-name.ts';
import type { Failure } from '../failure.ts';
import type { Backoff } from './backoff.ts';

/*
 *            start                    proved, better ones still to try
 *   idle ──────────▶ racing ───────────────────────────────▶ challenged ◀─────────────┐
 *                    ▲  │ ▲ │ proved, nothing better to try    │  ▲ │                   │ timer: a better one's
 *              timer │  │ │ └────────────────▶ connected ◀─────┘  │ │ lost (the link)   │ turn; move: the node
 *                    │  │ │                    │    │    all tried│ │                   │ goes away
 *                    │  │ └────────────────────┼────┼─────────────┼─┘                   │
 *                    │  │ all lost             │    └─────────────┼─────────────────────┘
 *                    │  ▼                      │ lost             │ proved, or lost (a trial), more to try
 *                   waiting ◀──────────────────┘                  └─▶ challenged
 *
 *   Any of them ── close, or a refusal that is final ──▶ closed
 */

/** What is to be known of the past in every state. */
export interface Past {
  /** Links are numbered: what is heard of one that is not of the state any more changes nothing. */
  readonly lastId: number;
  /** Rounds since the last stable link, for the backoff. */
  readonly attempt: number;
  /** What worked last: tried first and alone. */
  readonly worked: TransportName | undefined;
  /** The newest of each transport. */
  readonly failures: readonly PastFailure[];
  readonly marks: Readonly<Partial<Record<TransportName, Mark | undefined>>>;
}

/** What is held against a transport: it failed, or the last link did not last. */
export interface Mark {
  /** Left alone until then, in Unix milliseconds; 0 for not. */
  readonly until: number;
  /** How often in a row it was left alone: each doubles the time. */
  readonly times: number;
}

export interface PastFailure extends Failure {
  readonly transport: TransportName;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A link that has not proved itself yet. */
export interface Trial {
  readonly id: number;
  readonly transport: TransportName;
}

export interface ProvedLink extends Trial {
  readonly since: number;
}

/** What is being tried, and what will be, one every so often or as soon as one fails. */
export interface Round {
  readonly trials: readonly Trial[];
  readonly queue: readonly TransportName[];
  readonly nextAt: number;
  /** Failed, and blamed for it once a transport works: else it is the server or the network. */
  readonly blocked: readonly TransportName[];
  /** The longest wait that the server asked for. */
  readonly hintMs: number;
}

interface Base {
  readonly past: Past;
  readonly link?: ProvedLink;
  readonly round?: Round;
}

export interface Idle extends Base {
  readonly kind: 'idle';
  readonly link?: never;
  readonly round?: never;
}

/** No link; at least one trial under way or queued. */
export interface Racing extends Base {
  readonly kind: 'racing';
  readonly link?: never;
  readonly round: Round;
}

export interface Connected extends Base {
  readonly kind: 'connected';
  readonly link: ProvedLink;
  readonly round?: never;
  /** When a better one is tried; undefined on the best. */
  readonly upgradeAt: number | undefined;
}

/** A link carries on while others are tried that shall take over from it. */
export interface Challenged extends Base {
  readonly kind: 'challenged';
  readonly link: ProvedLink;
  readonly round: Round;
}

export interface Waiting extends Base {
  readonly kind: 'waiting';
  readonly link?: never;
  readonly round?: never;
  readonly until: number;
  /** The server named the time: waking up does not shorten it. */
  readonly asked: boolean;
}

export interface Closed extends Base {
  readonly kind: 'closed';
  readonly link?: never;
  readonly round?: never;
  /** Undefined when the application closed it. */
  readonly failure: Failure | undefined;
}

export type State = Idle | Racing | Connected | Challenged | Waiting | Closed;

export type Event =
  | { readonly kind: 'start' }
  | { readonly kind: 'proved'; readonly id: number }
  /** A trial or the link failed. */
  | { readonly kind: 'lost'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'timer' }
  /** The network came back, or the page. */
  | { readonly kind: 'wake' }
  /** Another token, or none: what was opened with the one before is given up. */
  | { readonly kind: 'renew' }
  /** The link's node asks to be left, at a random moment within this time. */
  | { readonly kind: 'move'; readonly id: number; readonly withinMs: number }
  | { readonly kind: 'close' };

export type Effect =
  | { readonly kind: 'open'; readonly id: number; readonly transport: TransportName }
  /** Carries the subscriptions and what is unacknowledged from now on. */
  | { readonly kind: 'adopt'; readonly id: number }
  | { readonly kind: 'close'; readonly id: number };

export interface Policy {
  /** Best first. */
  readonly transports: readonly TransportName[];
  /** The one that is a plain request. */
  readonly plain: TransportName | undefined;
  readonly staggerMs: number;
  readonly stableAfterMs: number;
  readonly upgradeIntervalMs: number;
  readonly backoffMs: Backoff;
}

/** The world at a transition. */
export interface Moment {
  readonly policy: Policy;
  /** Unix milliseconds. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}
