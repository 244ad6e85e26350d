import { newName } from '../../log/kit/names.ts';
import { type MemberKey, type MembersPage, membersOf, type Roster } from '../../log/roster.ts';
import type { Member } from '../../protocol/frames.ts';
import { isOwnChannel } from '../authorisation/own-channels.ts';
import type { Due, SecondWheel } from '../connections/second-wheel.ts';
import { seldom } from '../seldom.ts';
import {
  type Hold,
  type HoldEvent,
  holdAfter,
  leaveOf,
  newHold,
  type PresenceNotice,
  untoldOf,
} from './hold.ts';
import { publicId } from './public-id.ts';

export interface PresenceOptions {
  readonly roster: Roster;
  readonly wheel: SecondWheel;
  /** How long a member stays after its last connection. */
  readonly lingerMs: number;
  readonly announce: (notice: PresenceNotice) => Promise<unknown>;
  readonly report: (error: unknown) => void;
}

/** Where a hold is kept: what is under way goes on with what has become of it. */
interface Entry {
  hold: Hold;
}

/** A node that is silent for so long is dead, even where members may linger for less. */
const MIN_LEASE_MS = 5_000;
/** How often a lease is renewed while it lasts. */
const RENEWALS = 3;

/**
 * Who is on which channel. A member whose connection ends lingers a little, so that a change of transport,
 * network or node is neither a leave nor a join. This node says what it wants of the roster, and goes on
 * saying it: nobody who joins has to wait for a log that can't be reached, and what fails is made good later.
 */
export class Presence implements Due {
  readonly leaseMs: number;
  readonly #options: PresenceOptions;
  readonly #report: (error: unknown) => void;
  readonly #holds = new Map<string, Map<string, Entry>>();
  /** What is under way, for each member in its order; goodbyes are kept under a channel of no name. */
  readonly #tails = new Map<string, Map<string, Promise<void>>>();
  /** What a second's passing began. */
  readonly #looking = new Set<Promise<void>>();
  #seconds = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#report = seldom(options.report, options.wheel.runtime);
    this.leaseMs = Math.max(MIN_LEASE_MS, options.lingerMs);
    options.wheel.plan(this, 1);
  }

  /**
   * Some of a channel's members, as `Roster.page`. Knows of everything that was asked for on this node before.
   * @throws FanwireError `log_unavailable`
   */
  async page(channel: string, maxMembers: number, after?: string): Promise<MembersPage> {
    await this.#settled(channel);
    await this.#settled('');
    return this.#options.roster.page(channel, maxMembers, after);
  }

  /** @throws FanwireError `log_unavailable` */
  count(channel: string): Promise<number> {
    return this.#options.roster.count(channel);
  }

  /** All of a channel's members, in the order they came. @throws FanwireError `log_unavailable` */
  async members(channel: string): Promise<Member[]> {
    await this.#settled(channel);
    await this.#settled('');
    return membersOf(this.#options.roster, channel);
  }

  /** Each join is to be matched by a `release`. */
  join(channel: string, client: string, subject: string | undefined, data: unknown): void {
    const memberKey = { channel, client: publicId(client, subject) };
    const member: Member = {
      client: memberKey.client,
      ...(subject === undefined ? {} : { subject }),
      ...(data === undefined ? {} : { data }),
      since: this.#options.wheel.runtime.now(),
    };
    let entries = this.#holds.get(channel);
    if (!entries) this.#holds.set(channel, (entries = new Map()));
    let entry = entries.get(memberKey.client);
    const id = this.#newId();
    if (entry) this.#move(entry, { kind: 'joined', member, id });
    else entries.set(memberKey.client, (entry = { hold: newHold(memberKey, member, id) }));
    this.#want(entry);
  }

  /**
   * @param subject as it joined
   * @param atOnce the client said goodbye: nothing to linger for
   */
  release(channel: string, client: string, subject: string | undefined, atOnce: boolean): void {
    const memberKey = { channel, client: publicId(client, subject) };
    const entries = this.#holds.get(channel);
    const entry = entries?.get(memberKey.client);
    if (!entries || !entry) return;
    this.#move(entry, { kind: 'released' });
    if (entry.hold.subscriptions > 0) return;
    entries.delete(memberKey.client);
    if (entries.size === 0) this.#holds.delete(channel);
    const lingerMs = atOnce || entry.hold.afterwards === 'leaves' ? 0 : this.#options.lingerMs;
    this.#enqueue(memberKey, async () => {
      await this.#options.roster.release(memberKey, lingerMs);
      if (lingerMs === 0) await this.#sweep();
    });
  }

  /** The client is known to be gone wherever it only lingers, and lingers nowhere any more. */
  goodbye(client: string, subject: string | undefined): void {
    const name = publicId(client, subject);
    for (const entries of this.#holds.values()) {
      const entry = entries.get(name);
      if (entry) this.#move(entry, { kind: 'goodbye' });
    }
    this.#enqueue({ channel: '', client: name }, async () => {
      await this.#options.roster.goodbye(name);
      await this.#sweep();
    });
  }

  /** A second has passed. */
  due(): void {
    this.#options.wheel.plan(this, 1);
    this.#seconds += 1;
    if (this.#seconds % Math.floor(this.leaseMs / 1000 / RENEWALS) === 0) this.#look(() => this.#renew());
    this.#look(() => this.#sweep());
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all([...this.#tails.keys()].map((channel) => this.#settled(channel)));
    await Promise.all(this.#looking);
  }

  async #settled(channel: string): Promise<void> {
    await Promise.all(this.#tails.get(channel)?.values() ?? []);
  }

  #want(entry: Entry): void {
    this.#enqueue(entry.hold.memberKey, () => this.#take(entry));
  }

  async #take(entry: Entry): Promise<void> {
    const { known, member, memberKey } = entry.hold;
    if (known.kind === 'wanted') {
      const wanted = { ...memberKey, id: known.id, member };
      const holding = await this.#options.roster.hold(wanted, this.leaseMs);
      this.#move(entry, { kind: 'answered', asked: member, holding, id: this.#newId() });
    }
    for (let [next] = untoldOf(entry.hold); next; [next] = untoldOf(entry.hold)) {
      await this.#options.announce(next);
      this.#move(entry, { kind: 'told' });
    }
  }

  /** The one place that changes a hold. */
  #move(entry: Entry, event: HoldEvent): void {
    entry.hold = holdAfter(entry.hold, event);
  }

  #newId(): string {
    return newName(this.#options.wheel.runtime);
  }

  async #renew(): Promise<void> {
    const entries = [...this.#holds.values()].flatMap((each) => [...each.values()]);
    const held = entries.filter(({ hold }) => hold.known.kind !== 'wanted');
    if (held.length > 0) {
      const memberKeys = held.map(({ hold }) => hold.memberKey);
      for (const { channel, client } of await this.#options.roster.renew(memberKeys, this.leaseMs)) {
        const lost = this.#holds.get(channel)?.get(client);
        if (lost) this.#move(lost, { kind: 'lost', id: this.#newId() });
      }
    }
    for (const entry of entries) {
      const { known, memberKey, subscriptions } = entry.hold;
      if (known.kind === 'held' || subscriptions === 0) continue;
      // What is under way makes it good by itself.
      if (!this.#tails.get(memberKey.channel)?.has(memberKey.client)) this.#want(entry);
    }
  }

  /** Tells of those who have left, whichever node they were on. Told first and forgotten then, none is missed. */
  async #sweep(): Promise<void> {
    const { roster, announce } = this.#options;
    for (const stay of await roster.ending(this.leaseMs)) {
      if (isOwnChannel(stay.channel)) {
        // No log drops what is told twice of these: whoever was first to forget it tells.
        if (await roster.forget(stay)) await announce(leaveOf(stay));
        continue;
      }
      await announce(leaveOf(stay));
      await roster.forget(stay);
    }
  }

  #look(action: () => Promise<void>): void {
    const looking = this.#try(action).then(() => void this.#looking.delete(looking));
    this.#looking.add(looking);
  }

  #enqueue({ channel, client }: MemberKey, action: () => Promise<void>): void {
    let tails = this.#tails.get(channel);
    if (!tails) this.#tails.set(channel, (tails = new Map()));
    const tail = (tails.get(client) ?? Promise.resolve())
      .then(() => this.#try(action))
      .then(() => {
        if (tails.get(client) !== tail) return;
        tails.delete(client);
        if (tails.size === 0 && this.#tails.get(channel) === tails) this.#tails.delete(channel);
      });
    tails.set(client, tail);
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#report(error);
    }
  }
}
