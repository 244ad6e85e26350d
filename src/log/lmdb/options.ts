import { DEFAULTS, HELD, NUMBER, TEXT } from '../kit/options.ts';

export interface LmdbLogOptions {
  /** Where the log lies, on a disk of this computer; it is made if there is none. */
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

/** With what holds where nothing is said. */
export type LmdbOptions = LmdbLogOptions & typeof LMDB_DEFAULTS;

export const LMDB_DEFAULTS = { ...DEFAULTS, maxBytes: 4 * 1024 ** 3 };

export const TAKES = {
  directory: TEXT,
  timeoutMs: NUMBER,
  ...HELD,
};
