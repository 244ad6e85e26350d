import { createHash } from 'node:crypto';
import type { Member } from '../protocol/frames.ts';

export type PresenceChange = 'join' | 'update' | 'leave';

interface Entry {
  member: Member;
  /** Subscriptions of the client that hold it present; with none it lingers until the timer ends it. */
  holds: number;
  lingering: NodeJS.Timeout | undefined;
}

/**
 * Who is on a channel of this node. A member whose connection ends lingers a little, so that a change
 * of transport or network is neither a leave nor a join.
 */
export class Presence {
  readonly #channels = new Map<string, Map<string, Entry>>();
  readonly #lingerMs: number;
  readonly #announce: (channel: string, change: PresenceChange, member: Member) => void;

  constructor(lingerMs: number, announce: (channel: string, change: PresenceChange, member: Member) => void) {
    this.#lingerMs = lingerMs;
    this.#announce = announce;
  }

  members(channel: string): Member[] {
    return [...(this.#channels.get(channel)?.values() ?? [])].map((entry) => entry.member);
  }

  /** Each join is to be matched by a `release`. */
  join(channel: string, client: string, subject: string | undefined, data: unknown): void {
    let members = this.#channels.get(channel);
    if (!members) this.#channels.set(channel, (members = new Map()));
    const entry = members.get(client);
    const member: Member = {
      client: publicId(client),
      ...(subject === undefined ? {} : { subject }),
      ...(data === undefined ? {} : { data }),
      since: entry?.member.since ?? Date.now(),
    };
    if (!entry) {
      members.set(client, { member, holds: 1, lingering: undefined });
      this.#announce(channel, 'join', member);
      return;
    }
    clearTimeout(entry.lingering);
    entry.lingering = undefined;
    entry.holds += 1;
    const changed = JSON.stringify(entry.member) !== JSON.stringify(member);
    entry.member = member;
    if (changed) this.#announce(channel, 'update', member);
  }

  /** @param atOnce the client said goodbye: nothing to linger for */
  release(channel: string, client: string, atOnce: boolean): void {
    const entry = this.#channels.get(channel)?.get(client);
    if (!entry || --entry.holds > 0) return;
    if (atOnce) this.#leave(channel, client);
    else entry.lingering = setTimeout(() => this.#leave(channel, client), this.#lingerMs).unref();
  }

  /** The client is known to be gone wherever it only lingers. */
  goodbye(client: string): void {
    for (const [channel, members] of this.#channels) {
      if (members.get(client)?.holds === 0) this.#leave(channel, client);
    }
  }

  #leave(channel: string, client: string): void {
    const members = this.#channels.get(channel);
    const entry = members?.get(client);
    if (!members || !entry) return;
    clearTimeout(entry.lingering);
    members.delete(client);
    if (members.size === 0) this.#channels.delete(channel);
    this.#announce(channel, 'leave', entry.member);
  }
}

/** A client's own id lets it retry its publishes, so others are shown a digest of it. */
function publicId(client: string): string {
  return createHash('sha256').update(client).digest('base64url').slice(0, 12);
}
