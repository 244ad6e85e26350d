import type { Status } from '../connection/status.ts';

/*
 *            start                 granted, stolen back
 *   away ───────────▶ seeking ──────────────────────────▶ leading
 *    ▲                │  ▲                                 │   ▲
 *    │           beat │  └─────────── lost the lock ───────┘   │
 *    │                ▼                                        │ granted: the leader is gone,
 *    └── leave ─── following ──────────────────────────────────┘ or had its lock stolen by this tab
 *
 *   Any of them ── close, or a refusal that is final ──▶ closed
 */

/** The page is frozen or cached, or has not begun. */
export interface Away {
  readonly kind: 'away';
}

/** Has asked who leads, and nobody has answered. */
export interface Seeking {
  readonly kind: 'seeking';
  /** When it asked, in Unix milliseconds. */
  readonly askedAt: number;
}

export interface Following {
  readonly kind: 'following';
  readonly leader: Leader;
  /** When it was heard last. */
  readonly heardAt: number;
  /** When it was asked for a sign of life; undefined once it has given one. */
  readonly askedAt: number | undefined;
}

export interface Leading {
  readonly kind: 'leading';
  readonly term: number;
  /** When it looks again for tabs that are gone. */
  readonly lookAt: number;
}

export interface Closed {
  readonly kind: 'closed';
}

export type State = Away | Seeking | Following | Leading | Closed;

/** What a leader says of itself. */
export interface Leader {
  /** Of two leaders the one with the larger term counts: the other has been robbed of the lock and is yet to notice. */
  readonly term: number;
  readonly status: Status;
  /** Whether its page can be seen. */
  readonly visible: boolean;
}

export type Event =
  /** The page is there, for the first time or again. */
  | { readonly kind: 'start' }
  /** The lock is this tab's. */
  | { readonly kind: 'granted' }
  /** It is not any more, or can't be had at all. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'beat'; readonly leader: Leader }
  /** The leader knows nothing of this tab, or missed something: begin anew with it. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'timer' }
  | { readonly kind: 'shown' }
  /** The page is being frozen or cached. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'close' };

export type Effect =
  /** Wait for one's turn with the lock. */
  | { readonly kind: 'queue' }
  /** Take the lock from whoever has it. */
  | { readonly kind: 'steal' }
  /** Leave the queue, or let go of the lock. */
  | { readonly kind: 'release' }
  /** Ask the leader for a sign of life. */
  | { readonly kind: 'ask' }
  /** Say goodbye to the leader. */
  | { readonly kind: 'part' }
  /** Open the connection, for all tabs. */
  | { readonly kind: 'lead'; readonly term: number }
  /** Let go of the connection; another tab goes on. */
  | { readonly kind: 'abdicate' }
  /** Forget the tabs that are gone. */
  | { readonly kind: 'look' }
  /** Carry this tab's subscriptions and what is unanswered over the leader of now. */
  | { readonly kind: 'link' }
  /** Nothing carries them for now. */
  | { readonly kind: 'unlink' };

/** The world at a transition. */
export interface Moment {
  /** Unix milliseconds. */
  readonly now: number;
  readonly visible: boolean;
}
