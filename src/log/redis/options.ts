import { DEFAULTS, HELD, NUMBER, OBJECT, TEXT, urlOf } from '../kit/options.ts';
import type { RedisClient } from './driver.ts';

export interface RedisLogOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. Default: redis://127.0.0.1:6379. */
  readonly url?: string;
  /** A client of `redis` or `@redis/client` whose settings are used, in place of `url`; it is not used itself. */
  readonly client?: RedisClient;
  /** What the keys begin with, in braces. Logs of different prefixes are strangers. Default: fanwire. */
  readonly prefix?: string;
  /** How long a call to Redis may take, in milliseconds. Default: 2,000. */
  readonly timeoutMs?: number;
  /** How long an idempotency key is remembered, in milliseconds; each takes some 200 bytes. Default: 10 minutes. */
  readonly keyTtlMs?: number;
  /** Keys of one publisher remembered at once: of a token's subject, or of a network without one. Default: 25,000. */
  readonly keysPerScope?: number;
  /**
   * Payload bytes kept over all channels; above it the channels that hold most lose their oldest messages. Redis itself
   * takes more: give it twice as much. Default: 1 GiB.
   */
  readonly maxBytes?: number;
  /** Channels remembered after all they held has gone. Default: 100,000. */
  readonly maxChannels?: number;
  /** Unix milliseconds. */
  readonly clock?: () => number;
}

export const REDIS_DEFAULTS = {
  ...DEFAULTS,
  url: 'redis://127.0.0.1:6379',
  prefix: 'fanwire',
  maxBytes: 1024 ** 3,
};

export const TAKES = {
  url: urlOf('redis', 'rediss'),
  client: OBJECT,
  prefix: TEXT,
  timeoutMs: NUMBER,
  ...HELD,
};
