import { join } from 'node:path';
import type { Start } from '../../protocol/start.ts';
import type { RetainedRange } from '../census.ts';
import type { Appended, Follower, Page, PageLimit, Retention } from '../log.ts';
import { keyConflict } from '../message-key.ts';
import { Bell } from './bell.ts';
import { rangeOf } from './census.ts';
import { GroupCommit } from './group-commit.ts';
import { HeavyChannels } from './heavy-channels.ts';
import { LiveFeed } from './live-feed.ts';
import { readPage } from './read.ts';
import { closeStore, openStore, type Store, transact } from './store.ts';
import { Sweeper } from './sweeper.ts';
import { type Append, Write } from './write.ts';

export interface LmdbOptions {
  readonly directory: string;
  readonly maxBytes: number;
  readonly maxChannels: number;
  readonly keyTtlMs: number;
  readonly keysPerScope: number;
  readonly timeoutMs: number;
  readonly clock: () => number;
}

/** What the log is told when it is opened. */
type OpenOptions = LmdbOptions & {
  readonly retention: (channel: string) => Retention;
  readonly heavy: HeavyChannels;
};

/** @throws FanwireError `log_unavailable` */
export async function openLog(options: Omit<OpenOptions, 'heavy'>, follower: Follower): Promise<OpenedLog> {
  const store = await openStore(options.directory, ADDRESS_SPACE_PER_BYTE * options.maxBytes);
  return new OpenedLog(store, { ...options, heavy: new HeavyChannels(options.maxBytes) }, follower);
}

/** Room for records, indexes, and pages that wait to be used again. Only addresses: the file is as large as need be. */
const ADDRESS_SPACE_PER_BYTE = 4;

/** The log while its directory is open. */
export class OpenedLog {
  readonly store: Store;
  readonly feed: LiveFeed;
  readonly commits: GroupCommit<Write>;
  readonly #options: OpenOptions;
  readonly #bell: Bell;
  readonly #sweeper: Sweeper;

  constructor(store: Store, options: OpenOptions, follower: Follower) {
    this.store = store;
    this.#options = options;
    this.feed = new LiveFeed(store, follower);
    this.commits = new GroupCommit((jobs) => this.#commit(jobs), options.timeoutMs);
    this.#bell = new Bell(join(options.directory, 'bell'), () => this.feed.ring());
    this.#sweeper = new Sweeper(store, options, this.commits);
  }

  async append(append: Append): Promise<Appended> {
    const appended = await this.commits.add((write) => write.append(append));
    if (!appended) throw keyConflict();
    return appended;
  }

  read(channels: readonly string[], start: Start, limit: PageLimit): Page {
    const { retention, clock } = this.#options;
    return readPage(this.store, channels, start, limit, retention, clock());
  }

  range(channel: string): RetainedRange | undefined {
    const { retention, clock } = this.#options;
    return rangeOf(this.store, channel, retention(channel), clock());
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
      const write = new Write(this.store, this.#options, this.#options.clock());
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
