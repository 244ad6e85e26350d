import type { Member } from '../protocol/frames.ts';

/** What tells a channel's member from all others, of this channel and the rest. `client` is what others may know it by. */
export interface MemberKey {
  readonly channel: string;
  readonly client: string;
}

/** One stay of a client on a channel, from its join to its leave. */
export interface Stay extends MemberKey {
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

/** Some of a channel's members. */
export interface MembersPage {
  readonly members: readonly Member[];
  /** Where the next page begins; without it there is none. A roster's own token, of at most 64 characters. */
  readonly next?: string;
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
   * called again with the id of a stay that it began, because the answer was lost, it answers as a join again.
   */
  hold(stay: Stay, leaseMs: number): Promise<Holding>;

  /** Renews this node's leases, those that ran out unnoticed too. Answers the keys of those that are to be held anew. */
  renew(memberKeys: readonly MemberKey[], leaseMs: number): Promise<readonly MemberKey[]>;

  /** Lets this node's lease run out in `lingerMs`: 0 is at once. */
  release(memberKey: MemberKey, lingerMs: number): Promise<void>;

  /** The client is gone for good: every lease that only lingers, on any channel and node, runs out at once. */
  goodbye(client: string): Promise<void>;

  /**
   * Some of those who are on a channel, `maxMembers` or a few more, after the page that named `after` as its next. Over all
   * pages each member that stays meanwhile is given at least once.
   */
  page(channel: string, maxMembers: number, after?: string): Promise<MembersPage>;

  /** How many are on a channel; those who are just leaving may count. Costs no more on a full channel. */
  count(channel: string): Promise<number>;

  /**
   * Ends the stays that nobody has a lease on any more, and answers them, until each is forgotten: whoever
   * tells of its leave may die before. An ending stay can't be renewed. To be asked every second by every node:
   * when nobody has asked for some seconds, nobody could renew, and so no stay ends for another `leaseMs`.
   */
  ending(leaseMs: number): Promise<readonly Stay[]>;

  /**
   * The stay needs to be known no more. True if it was still there: of all nodes that forget one stay, one is told so, so that
   * one alone may go on to tell of it.
   */
  forget(stay: Stay): Promise<boolean>;

  /** How many subscribers this node has on these channels, for `leaseMs`. 0 takes the channel back. */
  report(subscribers: ReadonlyMap<string, number>, leaseMs: number): Promise<void>;

  /** Subscribers of a channel on all other nodes, as they last reported. */
  subscribersElsewhere(channel: string): Promise<number>;
}

/** What a caller that has the memory for it asks for at once. */
const PAGE_MEMBERS = 500;

/** All members of a channel, in the order they came. @throws FanwireError `log_unavailable` */
export async function membersOf(roster: Roster, channel: string): Promise<Member[]> {
  // By name, as a page may repeat what another had.
  const members = new Map<string, Member>();
  let after: string | undefined;
  do {
    const page = await roster.page(channel, PAGE_MEMBERS, after);
    for (const member of page.members) members.set(member.client, member);
    after = page.next;
  } while (after !== undefined);
  return [...members.values()].sort((a, b) => a.since - b.since);
}
