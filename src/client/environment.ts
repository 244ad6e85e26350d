import type { WebTransportOffer } from '../protocol/frames.ts';
import type { Runtime } from '../protocol/runtime.ts';
import type { HttpAnswer } from './failure.ts';
import type { TokenSource } from './token.ts';

/** What every link of a client needs. */
export interface Environment {
  /** The SDK's endpoint, absolute. */
  readonly endpoint: string;
  readonly clientId: string;
  readonly tokens: TokenSource;
  /** Sums up the failures before this link, for the hub's operator. Given where a link is opened. */
  readonly why?: () => string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  /** What the hub's last welcome said of WebTransport. */
  offer?: WebTransportOffer | undefined;
  readonly runtime: Runtime;
  readonly proofTimeoutMs: number;
  readonly pollIntervalMs: number;
}

/** The part of a WebSocket that the client uses. */
export interface Socket {
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  send(data: string): void;
  close(code?: number): void;
}

/**
 * Opens a WebSocket. `refused` is called when the upgrade fails: with the answer, or with null when nothing answered.
 * Browsers hide both, so that it is never called there; nor do they send `headers` with an upgrade.
 */
export type OpenSocket = (
  url: string,
  refused: (answer: HttpAnswer | null) => void,
  headers: Readonly<Record<string, string>>,
) => Socket;
