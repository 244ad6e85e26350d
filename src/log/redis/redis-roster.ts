import type { Holding, MemberKey, MembersPage, Roster, Stay } from '../roster.ts';

/** Runs `roster.lua`. @param args what to do, with which arguments: the node that asks comes between */
type RunScript = (action: string, args: readonly string[]) => Promise<unknown>;

type StayReply = readonly [channel: Buffer, client: Buffer, id: Buffer, member: Buffer, since: Buffer];
type HoldReply = readonly [change: Buffer, stay: StayReply, ended: StayReply | null];

/** Arguments of one call: Lua takes no more than some thousands. */
const BATCH = 1_000;

/** Presence in Redis, for all nodes alike: leases end by Redis' own clock. */
export class RedisRoster implements Roster {
  readonly #runScript: RunScript;

  constructor(runScript: RunScript) {
    this.#runScript = runScript;
  }

  async hold({ channel, client, id, member }: Stay, leaseMs: number): Promise<Holding> {
    const { since, ...shown } = member;
    const reply = await this.#run('hold', channel, client, id, JSON.stringify(shown), since, leaseMs);
    const [change, stay, ended] = reply as HoldReply;
    return {
      change: (change.toString() || undefined) as Holding['change'],
      stay: stayOf(stay),
      ended: ended ? stayOf(ended) : undefined,
    };
  }

  async renew(memberKeys: readonly MemberKey[], leaseMs: number): Promise<readonly MemberKey[]> {
    const anew: MemberKey[] = [];
    for (const batch of batchesOf(memberKeys)) {
      const names = batch.flatMap(({ channel, client }) => [channel, client]);
      const indexes = (await this.#run('renew', leaseMs, ...names)) as number[];
      anew.push(...indexes.map((index) => batch[index]!));
    }
    return anew;
  }

  async release({ channel, client }: MemberKey, lingerMs: number): Promise<void> {
    await this.#run('release', channel, client, lingerMs);
  }

  async goodbye(client: string): Promise<void> {
    await this.#run('goodbye', client);
  }

  async page(channel: string, maxMembers: number, after = '0'): Promise<MembersPage> {
    const [next, stays] = (await this.#run('page', channel, maxMembers, after)) as [Buffer, StayReply[]];
    const members = stays.map((stay) => stayOf(stay).member);
    return { members, ...(next.toString() !== '0' && { next: next.toString() }) };
  }

  async count(channel: string): Promise<number> {
    return (await this.#run('count', channel)) as number;
  }

  async ending(leaseMs: number): Promise<readonly Stay[]> {
    return ((await this.#run('ending', leaseMs)) as StayReply[]).map(stayOf);
  }

  async forget({ channel, client, id }: Stay): Promise<boolean> {
    return (await this.#run('forget', channel, client, id)) === 1;
  }

  async report(subscribers: ReadonlyMap<string, number>, leaseMs: number): Promise<void> {
    for (const batch of batchesOf([...subscribers])) await this.#run('report', leaseMs, ...batch.flat());
  }

  async subscribersElsewhere(channel: string): Promise<number> {
    return (await this.#run('elsewhere', channel)) as number;
  }

  #run(action: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#runScript(action, args.map(String));
  }
}

function stayOf([channel, client, id, member, since]: StayReply): Stay {
  return {
    channel: channel.toString(),
    client: client.toString(),
    id: id.toString(),
    member: { ...JSON.parse(member.toString()), since: Number(since.toString()) },
  };
}

function* batchesOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += BATCH) yield items.slice(from, from + BATCH);
}
