import type { Member } from '../protocol/frames.ts';

/** A client on a channel. `client` is what others may know it by. */
export interface Place {
  readonly channel: string;
  readonly client: string;
}

/** One stay of a client on a channel, from its join to its leave. */
export interface Stay extends Place {
  /** Tells it from an earlier stay of the same client. */
  readonly id: string;
  readonly member: Member;
}

export interface Holding {
  /** What the others are to be told; undefined when the client was there already, with the same data. */
  readonly change: 'join' | 'update' | undefined;
  /** The stay that is held: an earlier one goes on, with its id and its `since`. */
  readonly stay: Stay;
  /** A stay that was ending when the client came back: its leave is to be told before this join. */
  readonly ended: Stay | undefined;
}

/**
 * Who is on which channel and how many read it, known to all nodes of a log: an optional part of it.
 *
 * A stay lasts while any node has a lease on it. A node renews its leases; a node that dies does not, and so
 * its members leave. A client that goes to another node is held there before its lease here has run out.
 * Each method may throw FanwireError `log_unavailable`, within a bounded time.
 */
export interface Roster {
  /**
   * Takes this node's lease on a stay, or renews it, and replaces the member's data. `stay.id` is for a new stay:
   * asked again under the id of the one that it began, as the answer was lost, it is a join again.
   */
  hold(stay: Stay, leaseMs: number): Promise<Holding>;

  /** Renews this node's leases, those that ran out unnoticed too. Answers the places that are to be held anew. */
  renew(places: readonly Place[], leaseMs: number): Promise<readonly Place[]>;

  /** Lets this node's lease run out in `lingerMs`: 0 is at once. */
  release(place: Place, lingerMs: number): Promise<void>;

  /** The client is gone for good: every lease that only lingers, on any channel and node, runs out at once. */
  goodbye(client: string): Promise<void>;

  /** Who is on a channel, in the order they came. */
  members(channel: string): Promise<Member[]>;

  /**
   * Ends the stays that nobody has a lease on any more, and answers them, until each is forgotten: whoever
   * tells of its leave may die before. An ending stay can't be renewed. To be asked every second by every node:
   * when nobody has asked for some seconds, nobody could renew, and so no stay ends for another `leaseMs`.
   */
  ending(leaseMs: number): Promise<readonly Stay[]>;

  /** The leave has been told. */
  forget(stay: Stay): Promise<void>;

  /** How many subscribers this node has on these channels, for `leaseMs`. 0 takes the channel back. */
  report(subscribers: ReadonlyMap<string, number>, leaseMs: number): Promise<void>;

  /** Subscribers of a channel on all other nodes, as they last reported. */
  subscribersElsewhere(channel: string): Promise<number>;
}
