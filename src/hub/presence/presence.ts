import { createHash, randomBytes } from 'node:crypto';
import {
  type Holding,
  type MembersPage,
  membersOf,
  type Place,
  type Roster,
  type Stay,
} from '../../log/roster.ts';
import type { Member } from '../../protocol/frames.ts';
import type { Due, SecondWheel } from '../connections/second-wheel.ts';
import { seldom } from '../seldom.ts';

export type PresenceChange = 'join' | 'update' | 'leave';

/** What the others are told. Told twice under one idempotency key, it is in the log once. */
export interface PresenceNotice {
  readonly channel: string;
  readonly change: PresenceChange;
  readonly member: Member;
  readonly idempotencyKey: string;
}

export interface PresenceOptions {
  readonly roster: Roster;
  readonly wheel: SecondWheel;
  /** How long a member stays after its last connection. */
  readonly lingerMs: number;
  readonly announce: (notice: PresenceNotice) => Promise<unknown>;
  readonly report: (error: unknown) => void;
}

/** A client that subscriptions on this node hold present. */
interface Hold {
  readonly place: Place;
  member: Member;
  subscriptions: number;
  /** The client said goodbye, though not all of its requests were heard to end yet. */
  leaving: boolean;
  /** Whether the roster knows. */
  taken: boolean;
  /** Under which id it was last wanted of the roster, until it has answered. */
  asking: string | undefined;
  /** What came of it and is not in the log yet. */
  untold: PresenceNotice[];
}

/** A node that is silent for so long is dead, even where members may linger for less. */
const LEASE_LEAST_MS = 5_000;
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
  readonly #holds = new Map<string, Map<string, Hold>>();
  /** What is under way, place by place in its order; goodbyes have a place of their own. */
  readonly #tails = new Map<string, Map<string, Promise<void>>>();
  #seconds = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#report = seldom(options.report);
    this.leaseMs = Math.max(LEASE_LEAST_MS, options.lingerMs);
    options.wheel.plan(this, 1);
  }

  /**
   * Some of a channel's members, as `Roster.page`. Knows of everything that was asked for on this node before.
   * @throws FanwireError `log_unavailable`
   */
  async page(channel: string, most: number, after?: string): Promise<MembersPage> {
    await this.#settled(channel);
    await this.#settled('');
    return this.#options.roster.page(channel, most, after);
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
    const place = { channel, client: publicId(client, subject) };
    const member: Member = {
      client: place.client,
      ...(subject === undefined ? {} : { subject }),
      ...(data === undefined ? {} : { data }),
      since: Date.now(),
    };
    let holds = this.#holds.get(channel);
    if (!holds) this.#holds.set(channel, (holds = new Map()));
    const hold = holds.get(place.client) ?? {
      place,
      member,
      subscriptions: 0,
      leaving: false,
      taken: false,
      asking: undefined,
      untold: [],
    };
    holds.set(place.client, hold);
    hold.member = member;
    hold.subscriptions += 1;
    hold.leaving = false;
    this.#enqueue(place, () => this.#take(hold));
  }

  /**
   * @param subject as it joined
   * @param atOnce the client said goodbye: nothing to linger for
   */
  release(channel: string, client: string, subject: string | undefined, atOnce: boolean): void {
    const place = { channel, client: publicId(client, subject) };
    const holds = this.#holds.get(channel);
    const hold = holds?.get(place.client);
    if (!holds || !hold || --hold.subscriptions > 0) return;
    holds.delete(place.client);
    if (holds.size === 0) this.#holds.delete(channel);
    const lingerMs = atOnce || hold.leaving ? 0 : this.#options.lingerMs;
    this.#enqueue(place, async () => {
      await this.#options.roster.release(place, lingerMs);
      if (lingerMs === 0) await this.#sweep();
    });
  }

  /** The client is known to be gone wherever it only lingers, and lingers nowhere any more. */
  goodbye(client: string, subject: string | undefined): void {
    const name = publicId(client, subject);
    for (const holds of this.#holds.values()) {
      const hold = holds.get(name);
      if (hold) hold.leaving = true;
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
    if (this.#seconds % Math.floor(this.leaseMs / 1000 / RENEWALS) === 0) void this.#try(() => this.#renew());
    void this.#try(() => this.#sweep());
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all([...this.#tails.keys()].map((channel) => this.#settled(channel)));
  }

  async #settled(channel: string): Promise<void> {
    await Promise.all(this.#tails.get(channel)?.values() ?? []);
  }

  async #take(hold: Hold): Promise<void> {
    const { channel, client } = hold.place;
    hold.asking ??= randomId();
    const wanted: Stay = { channel, client, id: hold.asking, member: hold.member };
    const holding = await this.#options.roster.hold(wanted, this.leaseMs);
    hold.asking = undefined;
    hold.taken = true;
    hold.untold.push(...noticesOf(holding));
    for (let next = hold.untold[0]; next; next = hold.untold[0]) {
      await this.#options.announce(next);
      hold.untold.shift();
    }
  }

  async #renew(): Promise<void> {
    const holds = [...this.#holds.values()].flatMap((each) => [...each.values()]);
    const taken = holds.filter((hold) => hold.taken);
    if (taken.length > 0) {
      const places = taken.map(({ place }) => place);
      for (const { channel, client } of await this.#options.roster.renew(places, this.leaseMs)) {
        const lost = this.#holds.get(channel)?.get(client);
        if (lost) Object.assign(lost, { taken: false, untold: [] });
      }
    }
    for (const hold of holds) {
      const wanted = hold.subscriptions > 0 && (!hold.taken || hold.untold.length > 0);
      if (wanted && !this.#tails.get(hold.place.channel)?.has(hold.place.client)) {
        this.#enqueue(hold.place, () => this.#take(hold));
      }
    }
  }

  /** Tells of those who have left, whichever node they were on. Told first and forgotten then, none is missed. */
  async #sweep(): Promise<void> {
    for (const stay of await this.#options.roster.ending(this.leaseMs)) {
      await this.#options.announce(leaveOf(stay));
      await this.#options.roster.forget(stay);
    }
  }

  #enqueue({ channel, client }: Place, action: () => Promise<void>): void {
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

function noticesOf({ change, stay, ended }: Holding): PresenceNotice[] {
  const notices: PresenceNotice[] = ended ? [leaveOf(ended)] : [];
  const { channel, member, id } = stay;
  if (change)
    notices.push({
      channel,
      change,
      member,
      idempotencyKey: `${change} ${change === 'join' ? id : randomId()}`,
    });
  return notices;
}

/** Several nodes may tell of one leave. */
function leaveOf({ channel, member, id }: Stay): PresenceNotice {
  return { channel, change: 'leave', member, idempotencyKey: `leave ${id}` };
}

/**
 * A client's own id lets it retry its publishes, so others are shown a digest of it. With another subject it is another
 * member: somebody else has come to the same browser, and whoever was there before has left.
 */
export function publicId(client: string, subject: string | undefined): string {
  // A client's id holds no space.
  const name = subject === undefined ? client : `${client} ${subject}`;
  return createHash('sha256').update(name).digest('base64url').slice(0, 12);
}

function randomId(): string {
  return randomBytes(9).toString('base64url');
}
