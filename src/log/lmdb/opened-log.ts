import { join } from 'node:path';
import type { Runtime } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Addition, Outcome } from '../addition.ts';
import type { RetainedRange } from '../census.ts';
import { newName } from '../kit/names.ts';
import type { Follower, Page, PageLimit, Retention } from '../log.ts';
import { Bell } from './bell.ts';
import { rangeOf } from './census.ts';
import { GroupCommit } from './group-commit.ts';
import { HeavyChannels } from './heavy-channels.ts';
import { LiveFeed } from './live-feed.ts';
import type { LmdbOptions } from './options.ts';
import { readPage } from './read.ts';
import { closeStore, openStore, type Store, transact } from './store.ts';
import { Sweeper } from './sweeper.ts';
import { Write } from './write.ts';

/** What the log is told when it is opened. */
type OpenOptions = LmdbOptions & {
  readonly runtime: Runtime;
  readonly retention: (channel: string) => Retention;
  readonly heavy: HeavyChannels;
};

/** @throws FanwireError `log_unavailable` */
export async function openLog(options: Omit<OpenOptions, 'heavy'>, follower: Follower): Promise<OpenedLog> {
  const { directory, maxBytes, runtime } = options;
  const store = await openStore(directory, ADDRESS_SPACE_PER_BYTE * maxBytes, runtime);
  return new OpenedLog(store, { ...options, heavy: new HeavyChannels(maxBytes) }, follower);
}

/** Room for records, indexes, and pages that wait to be used again. Only addresses: the file is as large as need be. */
const ADDRESS_SPACE_PER_BYTE = 4;

/** The log while its directory is open. */
export class OpenedLog {
  readonly store: Store;
  readonly runtime: Runtime;
  /** What this process is called by the others. */
  readonly process: string;
  readonly feed: LiveFeed;
  readonly commits: GroupCommit<Write>;
  readonly #options: OpenOptions;
  /** Unix milliseconds, for what retention has to do with. */
  readonly #clock: () => number;
  readonly #bell: Bell;
  readonly #sweeper: Sweeper;

  constructor(store: Store, options: OpenOptions, follower: Follower) {
    this.store = store;
    this.#options = options;
    this.runtime = options.runtime;
    this.process = newName(options.runtime);
    this.#clock = options.clock ?? (() => options.runtime.now());
    this.feed = new LiveFeed(store, follower);
    this.commits = new GroupCommit((jobs) => this.#commit(jobs), options.timeoutMs, options.runtime);
    this.#bell = new Bell(join(options.directory, 'bell'), () => this.feed.ring(), options.runtime);
    this.#sweeper = new Sweeper(store, { ...options, clock: this.#clock }, this.commits);
  }

  append(additions: readonly Addition[]): Promise<readonly Outcome[]> {
    const appendAll = (write: Write) => additions.map((addition) => write.append(addition));
    return this.commits.add(appendAll, additions.length);
  }

  read(channels: readonly string[], start: Start, limit: PageLimit): Page {
    return readPage(this.store, channels, start, limit, this.#options.retention, this.#clock());
  }

  range(channel: string): RetainedRange | undefined {
    return rangeOf(this.store, channel, this.#options.retention(channel), this.#clock());
  }

  async close(): Promise<void> {
    this.#sweeper.stop();
    const settled = await this.commits.settled();
    this.#bell.close();
    // Closing under a commit that hangs would hang as well; the end of the process sets everything free.
    if (settled) await closeStore(this.store);
  }

  async #commit(jobs: readonly ((write: Write) => unknown)[]): Promise<readonly unknown[]> {
    const { results, appended } = await transact(this.store, () => {
      const write = new Write(this.store, this.#options, this.#clock());
      const results = jobs.map((job) => job(write));
      write.finish();
      return { results, appended: write.appended };
    });
    if (appended.length > 0) {
      this.feed.committed(appended);
      this.#bell.ring();
    }
    return results;
  }
}
