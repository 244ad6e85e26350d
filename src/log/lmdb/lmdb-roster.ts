import { stayOf } from '../kit/holding.ts';
import type { Holding, MemberKey, MembersPage, Roster, Stay } from '../roster.ts';
import type { OpenedLog } from './opened-log.ts';
import {
  endAllLingering,
  endStay,
  forgetStay,
  holdStay,
  nobodyIsPresent,
  overdueStays,
  readWatch,
  releaseStay,
  renewStay,
} from './stays.ts';
import { beginningWith, readState, type Store } from './store.ts';
import { countSubscribersElsewhere, setSubscribers } from './subscribers.ts';

/** Presence in LMDB, for all processes of this computer alike. */
export class LmdbRoster implements Roster {
  readonly #opened: () => Promise<OpenedLog>;

  constructor(opened: () => Promise<OpenedLog>) {
    this.#opened = opened;
  }

  hold(stay: Stay, leaseMs: number): Promise<Holding> {
    return this.#write((store, now, process) => holdStay(store, process, stay, leaseMs, now));
  }

  async renew(memberKeys: readonly MemberKey[], leaseMs: number): Promise<readonly MemberKey[]> {
    return this.#write((store, now, process) =>
      memberKeys.filter((memberKey) => !renewStay(store, process, memberKey, leaseMs, now)),
    );
  }

  release(memberKey: MemberKey, lingerMs: number): Promise<void> {
    return this.#write((store, now, process) => releaseStay(store, process, memberKey, lingerMs, now));
  }

  goodbye(client: string): Promise<void> {
    return this.#write((store, now) => endAllLingering(store, client, now));
  }

  async page(channel: string, maxMembers: number, after?: string): Promise<MembersPage> {
    const { store, runtime } = await this.#read();
    const now = runtime.now();
    const { start, end } = beginningWith(channel);
    // The least key behind that of a client: no client's name has a character below a space.
    const from: [string, string] = after === undefined ? start : [channel, `${after} `];
    const found = [...store.stays.getRange({ start: from, end, limit: maxMembers + 1 })];
    const page = found.slice(0, maxMembers);
    return {
      members: page
        .filter(({ value: { due, ending } }) => due > now && !ending)
        .map(({ value }) => value.member),
      ...(found.length > maxMembers && { next: page.at(-1)!.key[1] }),
    };
  }

  async count(channel: string): Promise<number> {
    const { store } = await this.#read();
    return store.stays.getKeysCount(beginningWith(channel));
  }

  async ending(leaseMs: number): Promise<readonly Stay[]> {
    const { store, runtime } = await this.#read();
    const now = runtime.now();
    if (nobodyIsPresent(store)) return [];
    // Looked at first: every process asks every second, and mostly there is nothing to write.
    const { mayEnd, isStale } = readWatch(store, leaseMs, now);
    const overdue = mayEnd ? overdueStays(store, now) : [];
    if (!isStale && overdue.every(({ ending }) => ending)) return overdue.map(stayAlone);
    return this.#write((store, now) => {
      const { mayEnd, watch } = readWatch(store, leaseMs, now);
      store.watch.put('watch', watch);
      const overdue = mayEnd ? overdueStays(store, now) : [];
      for (const stay of overdue) endStay(store, stay);
      return overdue.map(stayAlone);
    });
  }

  forget(stay: Stay): Promise<boolean> {
    return this.#write((store) => forgetStay(store, stay));
  }

  report(subscribers: ReadonlyMap<string, number>, leaseMs: number): Promise<void> {
    return this.#write((store, now, process) => setSubscribers(store, process, subscribers, leaseMs, now));
  }

  async subscribersElsewhere(channel: string): Promise<number> {
    const { store, process, runtime } = await this.#read();
    return countSubscribersElsewhere(store, process, channel, runtime.now());
  }

  async #read(): Promise<OpenedLog> {
    const log = await this.#opened();
    readState(log.store);
    return log;
  }

  async #write<Result>(action: (store: Store, now: number, process: string) => Result): Promise<Result> {
    const { commits, store, process, runtime } = await this.#opened();
    return commits.add(() => action(store, runtime.now(), process));
  }
}

function stayAlone(stay: Stay): Stay {
  return stayOf(stay, stay);
}
