import type { Holding, MembersPage, Place, Roster, Stay } from '../../log/roster.ts';

interface Entry {
  stay: Stay;
  /** When its lease ends, in Unix milliseconds: never while it is held, as its node is this one. */
  ends: number;
}

/** Who is on the channels of this node: the roster of a log that has none. */
export class LocalRoster implements Roster {
  readonly #channels = new Map<string, Map<string, Entry>>();
  /** Those whose lease ends, so that nobody looks over all that are held. */
  readonly #lingering = new Set<Entry>();
  /** Those that have ended, by place, until their leave has been told. */
  readonly #ended = new Map<string, Stay>();

  async hold(wanted: Stay): Promise<Holding> {
    const { channel, client } = wanted;
    let entries = this.#channels.get(channel);
    if (!entries) this.#channels.set(channel, (entries = new Map()));
    const entry = entries.get(client);
    if (!entry) {
      entries.set(client, { stay: wanted, ends: Number.POSITIVE_INFINITY });
      const ended = this.#ended.get(nameOf(wanted));
      this.#ended.delete(nameOf(wanted));
      return { change: 'join', stay: wanted, ended };
    }
    const member = { ...wanted.member, since: entry.stay.member.since };
    const same = JSON.stringify(member) === JSON.stringify(entry.stay.member);
    const change = entry.stay.id === wanted.id ? 'join' : same ? undefined : 'update';
    entry.stay = { ...entry.stay, member };
    entry.ends = Number.POSITIVE_INFINITY;
    this.#lingering.delete(entry);
    return { change, stay: entry.stay, ended: undefined };
  }

  async renew(): Promise<readonly Place[]> {
    return [];
  }

  async release({ channel, client }: Place, lingerMs: number): Promise<void> {
    const entry = this.#channels.get(channel)?.get(client);
    if (!entry) return;
    entry.ends = Date.now() + lingerMs;
    this.#lingering.add(entry);
  }

  async goodbye(client: string): Promise<void> {
    for (const entry of this.#lingering) if (entry.stay.client === client) entry.ends = 0;
  }

  async page(channel: string, most: number, after = ''): Promise<MembersPage> {
    const now = Date.now();
    const entries = this.#channels.get(channel) ?? new Map<string, Entry>();
    const clients = [...entries.keys()].filter((client) => client > after).sort();
    const page = clients.slice(0, most).map((client) => entries.get(client)!);
    return {
      members: page.filter(({ ends }) => ends > now).map(({ stay }) => stay.member),
      ...(clients.length > most && { next: page.at(-1)!.stay.client }),
    };
  }

  async count(channel: string): Promise<number> {
    return this.#channels.get(channel)?.size ?? 0;
  }

  async ending(): Promise<readonly Stay[]> {
    const now = Date.now();
    for (const entry of this.#lingering) {
      if (entry.ends > now) continue;
      const { channel, client } = entry.stay;
      this.#lingering.delete(entry);
      const entries = this.#channels.get(channel)!;
      entries.delete(client);
      if (entries.size === 0) this.#channels.delete(channel);
      this.#ended.set(nameOf(entry.stay), entry.stay);
    }
    return [...this.#ended.values()];
  }

  async forget(stay: Stay): Promise<void> {
    if (this.#ended.get(nameOf(stay))?.id === stay.id) this.#ended.delete(nameOf(stay));
  }

  async report(): Promise<void> {}

  async subscribersElsewhere(): Promise<number> {
    return 0;
  }
}

// A space can't be part of a channel's name.
function nameOf({ channel, client }: Place): string {
  return `${channel} ${client}`;
}
