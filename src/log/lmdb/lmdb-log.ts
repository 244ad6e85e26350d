import { FanwireError } from '../../protocol/errors.ts';
import type { Start } from '../../protocol/start.ts';
import type { Census } from '../census.ts';
import type { Appended, Follower, Log, LogCapabilities, Page, PageLimit, Retention } from '../log.ts';
import type { NewMessage } from '../message.ts';
import type { MessageKey } from '../message-key.ts';
import { checkedOptions, HELD, NUMBER, TEXT } from '../options.ts';
import type { Roster } from '../roster.ts';
import { lmdbCensus } from './census.ts';
import { LmdbRoster } from './lmdb-roster.ts';
import { type LmdbOptions, type OpenedLog, openLog } from './opened-log.ts';

export interface LmdbLogOptions {
  /** Where the log lies, on a disk of this machine; it is made if there is none. */
  readonly directory: string;
  /**
   * Payload bytes kept over all channels; above it the channels that hold most lose their oldest messages. The file is larger, by
   * indexes and by pages that wait to be used again. Default: 4 GiB.
   */
  readonly maxBytes?: number;
  /** Channels remembered after all they held has gone. Default: 100,000. */
  readonly maxChannels?: number;
  /** How long an idempotency key is remembered, in milliseconds. Default: 10 minutes. */
  readonly keyTtlMs?: number;
  /** Keys of one publisher remembered at once: of a token's subject, or of a network without one. Default: 25,000. */
  readonly keysPerScope?: number;
  /** How long a commit may take, in milliseconds. Default: 2,000. */
  readonly timeoutMs?: number;
  /** Unix milliseconds. */
  readonly clock?: () => number;
}

const DEFAULTS = {
  maxBytes: 4 * 1024 ** 3,
  maxChannels: 100_000,
  keyTtlMs: 600_000,
  keysPerScope: 25_000,
  timeoutMs: 2_000,
  clock: Date.now,
};

/**
 * A log on this machine's disk, embedded. What was acknowledged is synced to disk; what can be read is,
 * too. Processes of one machine may share the directory.
 * @param options a text alone is the directory
 * @throws TypeError for an option that is unknown or can't hold, or without a directory
 */
export function lmdbLog(options: string | LmdbLogOptions): Log {
  const checked = checkedOptions('lmdbLog', options, TAKES, 'directory');
  if (checked.directory === undefined) throw new TypeError('lmdbLog needs the option directory');
  return new LmdbLog(checked);
}

const TAKES = {
  directory: TEXT,
  timeoutMs: NUMBER,
  ...HELD,
};

class LmdbLog implements Log {
  readonly capabilities: LogCapabilities = { name: 'lmdb', durable: true, shared: true };
  readonly roster: Roster = new LmdbRoster(() => this.#opened);
  readonly census: Census = lmdbCensus(() => this.#opened);
  readonly #options: LmdbOptions;
  #opened: Promise<OpenedLog> = failed('the log is not open');

  constructor(options: LmdbLogOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  async open(follower: Follower, retention: (channel: string) => Retention): Promise<void> {
    this.#opened = openLog({ ...this.#options, retention }, follower);
    await this.#opened;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = failed('the log is closed');
    await opened.then(
      (log) => log.close(),
      () => {},
    );
  }

  async append(
    message: NewMessage,
    key?: MessageKey,
    aliases: readonly MessageKey[] = [],
  ): Promise<Appended> {
    return (await this.#opened).append({ message, key, aliases });
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

function failed(sentence: string): Promise<never> {
  const failure = Promise.reject(new FanwireError('log_unavailable', sentence));
  // Whoever uses the log meets it; until then it is nobody's unhandled rejection.
  failure.catch(() => {});
  return failure;
}
