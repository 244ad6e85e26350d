import { memberNameOf } from '../../log/kit/digests.ts';
import { holdingOf } from '../../log/kit/holding.ts';
import type { Holding, MemberKey, MembersPage, Roster, Stay } from '../../log/roster.ts';
import { type Runtime, SYSTEM_RUNTIME } from '../../protocol/runtime.ts';

interface Entry {
  readonly stay: Stay;
  /** When its lease ends, in Unix milliseconds: never while it is held, as its node is this one. */
  ends: number;
}

/** Who is on the channels of this node: the roster of a log that has none. */
export class LocalRoster implements Roster {
  readonly #runtime: Runtime;
  readonly #channels = new Map<string, Map<string, Entry>>();
  /** Those whose lease ends, so that nobody looks over all that are held. */
  readonly #lingering = new Set<Entry>();
  /** Those that have ended, by member, until their leave has been told. */
  readonly #ended = new Map<string, Stay>();

  constructor(runtime: Runtime = SYSTEM_RUNTIME) {
    this.#runtime = runtime;
  }

  async hold(wanted: Stay): Promise<Holding> {
    const { channel, client } = wanted;
    let entries = this.#channels.get(channel);
    if (!entries) this.#channels.set(channel, (entries = new Map()));
    const entry = entries.get(client);
    const ended = this.#ended.get(memberNameOf(wanted));
    const found = entry?.stay ?? ended;
    const holding = holdingOf(wanted, found && { ...found, ending: !entry });
    if (entry) this.#lingering.delete(entry);
    this.#ended.delete(memberNameOf(wanted));
    entries.set(client, { stay: holding.stay, ends: Number.POSITIVE_INFINITY });
    return holding;
  }

  async renew(): Promise<readonly MemberKey[]> {
    return [];
  }

  async release({ channel, client }: MemberKey, lingerMs: number): Promise<void> {
    const entry = this.#channels.get(channel)?.get(client);
    if (!entry) return;
    entry.ends = this.#runtime.now() + lingerMs;
    this.#lingering.add(entry);
  }

  async goodbye(client: string): Promise<void> {
    for (const entry of this.#lingering) if (entry.stay.client === client) entry.ends = 0;
  }

  async page(channel: string, maxMembers: number, after = ''): Promise<MembersPage> {
    const now = this.#runtime.now();
    const entries = this.#channels.get(channel) ?? new Map<string, Entry>();
    const clients = [...entries.keys()].filter((client) => client > after).sort();
    const page = clients.slice(0, maxMembers).map((client) => entries.get(client)!);
    return {
      members: page.filter(({ ends }) => ends > now).map(({ stay }) => stay.member),
      ...(clients.length > maxMembers && { next: page.at(-1)!.stay.client }),
    };
  }

  async count(channel: string): Promise<number> {
    return this.#channels.get(channel)?.size ?? 0;
  }

  async ending(): Promise<readonly Stay[]> {
    const now = this.#runtime.now();
    for (const entry of this.#lingering) {
      if (entry.ends > now) continue;
      const { channel, client } = entry.stay;
      this.#lingering.delete(entry);
      const entries = this.#channels.get(channel)!;
      entries.delete(client);
      if (entries.size === 0) this.#channels.delete(channel);
      this.#ended.set(memberNameOf(entry.stay), entry.stay);
    }
    return [...this.#ended.values()];
  }

  async forget(stay: Stay): Promise<boolean> {
    return this.#ended.get(memberNameOf(stay))?.id === stay.id && this.#ended.delete(memberNameOf(stay));
  }

  async report(): Promise<void> {}

  async subscribersElsewhere(): Promise<number> {
    return 0;
  }
}
