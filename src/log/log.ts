import type { Position } from '../protocol/position.ts';
import type { Runtime } from '../protocol/runtime.ts';
import type { Start } from '../protocol/start.ts';
import type { Addition, Outcome } from './addition.ts';
import type { Census } from './census.ts';
import type { StoredGap } from './gap.ts';
import type { StoredMessage } from './message.ts';
import type { Roster } from './roster.ts';

/** How much of a channel a log keeps. */
export interface Retention {
  /** The newest so many messages. 0 keeps none: a channel without history. */
  readonly count: number;
  /** Messages younger than this, in milliseconds. */
  readonly ageMs: number;
  /** The newest whose payloads together have at most so many bytes. Default: as many as the log has room for. */
  readonly bytes?: number;
}

/** What a log can do, for documents, tests and the hub to read instead of asking for names. */
export interface LogCapabilities {
  readonly name: string;
  /** Whether what was acknowledged survives the end of the process. */
  readonly durable: boolean;
  /** Whether several nodes may append to it and follow it at once. */
  readonly shared: boolean;
  /** Whether additions of one call are all in it or none is, whatever ends the process or the engine meanwhile. */
  readonly atomic: boolean;
}

/** A stretch of history: first the gaps, then messages in one order. */
export interface Page {
  readonly items: readonly PageItem[];
  /** Everything of these channels up to here is in this page or was before it. */
  readonly position: Position;
  /** Whether there is more after `position`. */
  readonly more: boolean;
}

export type PageItem =
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | { readonly kind: 'gap'; readonly gap: StoredGap };

export interface PageLimit {
  readonly messages: number;
  /** Payload bytes. A page holds one message at least, however large. */
  readonly bytes: number;
}

/**
 * What a log tells of while it is followed. Callbacks come in the log's one order, over all followed channels together, and must
 * not throw. Order and completeness are promised here: whatever the live feed below loses, doubles, swaps or delays,
 * `appended` moves past a place only once every message of a followed channel up to there has been announced, and past
 * one that can't be announced any more only after `interrupted`.
 */
export interface Follower {
  /** Each message appended to a followed channel, once, in order. */
  appended(message: StoredMessage): void;
  /** Some may have been missed, or the epoch changed: read again from what was last delivered. */
  interrupted(): void;
}

/** The ordered history of all channels, and its live feed. One sequence numbers every channel. */
export interface Log {
  readonly capabilities: LogCapabilities;
  /** Presence that all nodes share; without it each node knows its own members. */
  readonly roster?: Roster;
  /** What channels there are; without it only those are known that have a subscriber. */
  readonly census?: Census;

  /**
   * Adds messages, and resolves once the log holds them as durably as it promises, with what became of each, in
   * their order; a log that holds them at once answers at once. Messages of one channel appended by one node are ordered as the calls were made, and within a call as they
   * stand in it. If an `idempotencyKey` was appended to its channel within the time that the log remembers keys,
   * that message is not added again, and the first position is its outcome. Of each scope the newest keys are remembered, so that none
   * pushes out another's. An outcome is an error `idempotency_conflict` where the key has another digest than when it was
   * appended; the others are added all the same.
   * @throws FanwireError `log_unavailable`, within a bounded time; each message may then have been added,
   * so that only a retry with the same key is safe. A log that is not `atomic` may have it as the outcome of some
   */
  append(additions: readonly Addition[]): Promise<readonly Outcome[]> | readonly Outcome[];

  /**
   * Reads what the channels retain from `start` on, in the log's one order. Whatever an `after` start
   * should have found and retention has removed is announced by gaps; a position of another epoch, or
   * beyond the newest, means a gap of reason `epoch` for each channel and then everything retained.
   * Gaps stand in front of the page, and each reaches from where reading began (for another epoch: from the position that
   * was brought along) to the last message that its channel has lost. It may reach beyond the page; what is
   * left of it is told again with the next one. A log that has forgotten what a channel lost announces rather too much.
   * @throws FanwireError `log_unavailable`
   */
  read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page>;

  /**
   * Follows a channel until it is unfollowed. Once this resolves, every later append is announced.
   * @throws FanwireError `log_unavailable`
   */
  follow(channel: string): Promise<void>;
  unfollow(channel: string): void;

  /**
   * Resolves if a message would be taken now, as far as that can be known without appending one: an engine that is full may
   * be read still. A log without this takes messages whenever it can be read.
   * @throws FanwireError `log_unavailable`
   */
  writable?(): Promise<void>;

  /**
   * Connects, and names who is told of appends, how much each channel keeps, and where time and chance come from: from the
   * computer, unless another runtime is given. Called once, before all else.
   */
  open(follower: Follower, retention: (channel: string) => Retention, runtime?: Runtime): Promise<void>;
  close(): Promise<void>;
}
