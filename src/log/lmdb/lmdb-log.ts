import { type Runtime, SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Addition, Outcome } from '../addition.ts';
import type { Census } from '../census.ts';
import { checkedOptions } from '../kit/options.ts';
import { refusing } from '../kit/unavailable.ts';
import type { Follower, Log, LogCapabilities, Page, PageLimit, Retention } from '../log.ts';
import type { Roster } from '../roster.ts';
import { lmdbCensus } from './census.ts';
import { LmdbRoster } from './lmdb-roster.ts';
import { type OpenedLog, openLog } from './opened-log.ts';
import { LMDB_DEFAULTS, type LmdbLogOptions, type LmdbOptions, TAKES } from './options.ts';

/**
 * A log on this computer's disk, embedded. What was acknowledged is synced to disk; what can be read is,
 * too. Processes of one computer may share the directory.
 * @param options a text alone is the directory
 * @throws TypeError for an option that is unknown or can't hold, or without a directory
 */
export function lmdbLog(options: string | LmdbLogOptions): Log {
  const checked = checkedOptions('lmdbLog', options, TAKES, 'directory');
  if (checked.directory === undefined) throw new TypeError('lmdbLog needs the option directory');
  return new LmdbLog(checked);
}

class LmdbLog implements Log {
  readonly capabilities: LogCapabilities = { name: 'lmdb', durable: true, shared: true, atomic: true };
  readonly roster: Roster = new LmdbRoster(() => this.#opened);
  readonly census: Census = lmdbCensus(() => this.#opened);
  readonly #options: LmdbOptions;
  #opened: Promise<OpenedLog> = refusing('the log is not open');

  constructor(options: LmdbLogOptions) {
    this.#options = { ...LMDB_DEFAULTS, ...options };
  }

  async open(
    follower: Follower,
    retention: (channel: string) => Retention,
    runtime: Runtime = SYSTEM_RUNTIME,
  ): Promise<void> {
    this.#opened = openLog({ ...this.#options, retention, runtime }, follower);
    await this.#opened;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = refusing('the log is closed');
    await opened.then(
      (log) => log.close(),
      () => {},
    );
  }

  async append(additions: readonly Addition[]): Promise<readonly Outcome[]> {
    return (await this.#opened).append(additions);
  }

  async read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    return (await this.#opened).read(channels, start, limit);
  }

  async follow(channel: string): Promise<void> {
    (await this.#opened).feed.follow(channel);
  }

  async writable(): Promise<void> {
    await (await this.#opened).commits.add(() => {});
  }

  unfollow(channel: string): void {
    this.#opened.then(
      (log) => log.feed.unfollow(channel),
      () => {},
    );
  }
}
