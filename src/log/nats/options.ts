import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { DEFAULTS, FUNCTION, NUMBER, OBJECT, TEXT } from '../kit/options.ts';

export interface NatsLogOptions {
  /**
   * `nats://` or `tls://`, with `user:password@` or `token@`; several servers of one cluster as a list or
   * parted by commas. Default: nats://127.0.0.1:4222.
   */
  readonly url?: string | readonly string[];
  /** Further options of the driver's `connect`, such as `tls` with certificates or an `authenticator`. */
  readonly connect?: NodeConnectionOptions;
  /** A connection of the program's own, in place of `url`. It stays open when the log is closed. */
  readonly connection?: NatsConnection;
  /**
   * The stream, which is created if need be, and so is one for presence, with `-roster` behind its name; their
   * subjects begin with their names. Default: fanwire.
   */
  readonly stream?: string;
  /** Servers that hold each message, when the stream is created: 1, 3 or 5. Default: 1. */
  readonly replicas?: number;
  /**
   * Bytes of the stream, when it is created; above it NATS drops the oldest messages of all channels. NATS sets so much
   * aside, and refuses the stream where it has less. Default: 1 GiB.
   */
  readonly maxBytes?: number;
  /** How long an idempotency key is remembered, in milliseconds. Default: 10 minutes. */
  readonly keyTtlMs?: number;
  /** Time limit of every call to NATS, in milliseconds. Default: 2,000. */
  readonly timeoutMs?: number;
  /** Unix milliseconds. */
  readonly clock?: () => number;
}

export const NATS_DEFAULTS = { ...DEFAULTS, stream: 'fanwire', replicas: 1, maxBytes: 1024 ** 3 };

const SERVERS = {
  rule: 'a URL such as nats://127.0.0.1, or a list of them',
  holds: (value: unknown) => {
    const urls: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
    return (
      urls.length > 0 && urls.every((url) => typeof url === 'string' && /^\s*(nats|tls):\/\/[^/\s]/.test(url))
    );
  },
};

const REPLICAS = { rule: '1, 3 or 5', holds: (value: unknown) => value === 1 || value === 3 || value === 5 };

/** What each option takes. */
export const TAKES = {
  url: SERVERS,
  connect: OBJECT,
  connection: OBJECT,
  stream: TEXT,
  replicas: REPLICAS,
  maxBytes: NUMBER,
  keyTtlMs: NUMBER,
  timeoutMs: NUMBER,
  clock: FUNCTION,
};
