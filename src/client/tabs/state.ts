import type { Status } from '../connection/status.ts';

/*
 *            start                  granted, stolen back
 *   away ───────────▶ candidate ──────────────────────────▶ leader
 *    ▲                │  ▲                                  │  ▲
 *    │      heartbeat │  └─────────── lost the lock ────────┘  │
 *    │                ▼                                        │ granted: the leader is gone,
 *    └── leave ─── follower ───────────────────────────────────┘ or this tab stole its lock
 *
 *   Any of them ── close, or a refusal that is final ──▶ closed
 */

/** The page is frozen or cached, or has not begun. */
export interface Away {
  readonly kind: 'away';
}

/** The tab waits for the lock, and has heard of no leader. */
export interface Candidate {
  readonly kind: 'candidate';
  /** When the tab asked for a heartbeat, in Unix milliseconds. */
  readonly askedAt: number;
}

/** The tab waits for the lock, and goes through the leader that has it. */
export interface Follower {
  readonly kind: 'follower';
  readonly leader: LeaderReport;
  /** When the last heartbeat came. */
  readonly heardAt: number;
  /** When the tab asked for a heartbeat; undefined once one has come. */
  readonly askedAt: number | undefined;
}

/** The tab has the lock, and holds the connection for all tabs. */
export interface Leader {
  readonly kind: 'leader';
  readonly term: number;
  /** When the leader looks again for tabs that are gone. */
  readonly sweepAt: number;
}

export interface Closed {
  readonly kind: 'closed';
}

export type State = Away | Candidate | Follower | Leader | Closed;

/** What a leader says of itself in a heartbeat. */
export interface LeaderReport {
  /** Of two leaders the one with the larger term counts. The lock of the other was stolen, and it has not noticed yet. */
  readonly term: number;
  readonly status: Status;
  /** Whether the leader's page can be seen. */
  readonly visible: boolean;
}

export type Event =
  /** The page is there, for the first time or again. */
  | { readonly kind: 'start' }
  /** The tab has the lock. */
  | { readonly kind: 'granted' }
  /** The lock was stolen, or the browser gives it to nobody. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'heartbeat'; readonly leader: LeaderReport }
  /** The leader does not know this tab, or the tab missed a notice: the tab has to attach anew. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'timer' }
  | { readonly kind: 'shown' }
  /** The page is being frozen or cached. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'close' };

export type Effect =
  /** Wait in the queue for the lock. */
  | { readonly kind: 'queue' }
  /** Take the lock from the tab that has it. */
  | { readonly kind: 'steal' }
  /** Leave the queue, or let go of the lock. */
  | { readonly kind: 'release' }
  /** Ask the leader for a heartbeat. */
  | { readonly kind: 'ask' }
  /** Say goodbye to the leader. */
  | { readonly kind: 'part' }
  /** Open the connection for all tabs. */
  | { readonly kind: 'lead'; readonly term: number }
  /** Let go of the connection, because another tab leads from now on. */
  | { readonly kind: 'resign' }
  /** Forget the tabs that are gone. */
  | { readonly kind: 'sweep' }
  /** Attach to the leader: it carries this tab's subscriptions and unanswered frames from now on. */
  | { readonly kind: 'attach' }
  /** No leader carries them for now. */
  | { readonly kind: 'detach' };

/** What a transition reads of the world. */
export interface Moment {
  /** Unix milliseconds. */
  readonly now: number;
  readonly visible: boolean;
}
