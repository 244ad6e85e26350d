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

/** What every state knows of the past. */
export interface Past {
  /** Links are numbered, so that an event of a link that the state has no more changes nothing. */
  readonly lastId: number;
  /** Rounds since the last stable link, for the backoff. */
  readonly attempt: number;
  /** The transport that worked last. It is tried first and alone. */
  readonly worked: TransportName | undefined;
  /** The newest failure of each transport. */
  readonly failures: readonly PastFailure[];
  readonly penalties: Readonly<Partial<Record<TransportName, Penalty | undefined>>>;
}

/** A transport that failed, or whose last link did not last, is not tried for a while. */
export interface Penalty {
  /** The end of that while, in Unix milliseconds; 0 where the next loss is to begin one. */
  readonly until: number;
  /** How many penalties in a row. Each doubles the time. */
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

/** The links being tried, and the transports to try next: one every `staggerMs`, or as soon as a trial fails. */
export interface Round {
  readonly trials: readonly Trial[];
  readonly queue: readonly TransportName[];
  readonly nextAt: number;
  /** Transports that failed. They get a penalty once another works; while none does, the server or the network is to blame. */
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
  /** When a better transport is tried; undefined on the best. */
  readonly upgradeAt: number | undefined;
}

/** A link carries everything while others are tried that may replace it. */
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
  /** Whether the server named the time. Then waking up does not shorten it. */
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
  /** The network came back, or the page is shown again. */
  | { readonly kind: 'wake' }
  /** The token has changed: links that were opened with the one before are given up. */
  | { readonly kind: 'renew' }
  /** The link's node asks its clients to leave, each at a random moment within this time. */
  | { readonly kind: 'move'; readonly id: number; readonly withinMs: number }
  | { readonly kind: 'close' };

export type Effect =
  | { readonly kind: 'open'; readonly id: number; readonly transport: TransportName }
  /** The link carries the subscriptions and the unanswered frames from now on. */
  | { readonly kind: 'adopt'; readonly id: number }
  | { readonly kind: 'close'; readonly id: number };

export interface Policy {
  /** Best first. */
  readonly transports: readonly TransportName[];
  /** The transport that is a plain request. */
  readonly plain: TransportName | undefined;
  readonly staggerMs: number;
  readonly stableAfterMs: number;
  readonly upgradeIntervalMs: number;
  readonly backoffMs: Backoff;
}

/** What a transition reads of the world. */
export interface Moment {
  readonly policy: Policy;
  /** Unix milliseconds. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}
