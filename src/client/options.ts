import { FanwireError } from '../protocol/errors.ts';
import { TRANSPORT_NAMES, type TransportName } from '../protocol/transport-name.ts';
import { BACKOFF } from './connection/backoff.ts';
import type { Socket } from './environment.ts';
import type { TokenOption } from './token.ts';

export interface ClientOptions {
  /** The client calls a function again before its token expires, and when the hub refuses the token. */
  readonly token?: TokenOption | undefined;
  /** The transports that may be used, best first. Default: webtransport, websocket, sse, http-streaming, long-polling, polling. */
  readonly transports?: readonly TransportName[];
  /** Between two requests of the transport `polling`. Default 5000. */
  readonly pollIntervalMs?: number;
  /** A transport that has made no round trip by then is given up. Default 5000. */
  readonly proofTimeoutMs?: number;
  /** How long after the last attempt a better transport is tried; doubles when it fails again. Default 60000. */
  readonly upgradeIntervalMs?: number;
  /** A link that lived this long starts the backoff anew. Default 10000. */
  readonly stableAfterMs?: number;
  /** While no transport has made a round trip, the next is tried after so long. Default 300. */
  readonly staggerMs?: number;
  /** Reconnecting waits a random time up to `first`, then up to twice that … up to `most`. Default 1000 and 30000. */
  readonly backoffMs?: { readonly first: number; readonly most: number };
  /** Sent with every request; browsers can't send them with a WebSocket. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials;
  readonly fetch?: typeof fetch;
  readonly WebSocket?: new (url: string) => Socket;
  /** 8 to 64 characters of A-Z a-z 0-9 _ -. Default random. Two clients at the same time must not share it. */
  readonly clientId?: string;
  /** Takes the errors that no subscription's `onError` takes, and those of handlers. Default: `console.error`. */
  readonly onError?: (error: unknown) => void;
  /** Where the client remembers the transport that worked. Default: localStorage where there is one; null for nowhere. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null;
}

export const DEFAULTS = {
  transports: TRANSPORT_NAMES as readonly TransportName[],
  pollIntervalMs: 5000,
  proofTimeoutMs: 5000,
  upgradeIntervalMs: 60_000,
  stableAfterMs: 10_000,
  staggerMs: 300,
  backoffMs: BACKOFF,
  headers: {},
} satisfies ClientOptions;

/** The names of all options, so that a misspelt one is not ignored. */
const OPTIONS = [
  ...Object.keys(DEFAULTS),
  'token',
  'credentials',
  'fetch',
  'WebSocket',
  'clientId',
  'onError',
  'storage',
];

/** @throws FanwireError `invalid_parameter` for an option that there is not */
export function assertOptions(options: object): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown) throw new FanwireError('invalid_parameter', `no option is called ${unknown}, but ${OPTIONS}`);
}
