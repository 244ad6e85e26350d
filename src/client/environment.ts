import type { Answer } from './failure.ts';
import type { TokenSource } from './token.ts';

/** What the links need to know of the world outside, the same for all of one client. */
export interface Environment {
  /** The SDK's endpoint, absolute. */
  readonly endpoint: string;
  readonly clientId: string;
  readonly tokens: TokenSource;
  /** What failed before, for the hub's operator: where a link is opened. */
  readonly why?: () => string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials;
  readonly fetch: typeof fetch;
  readonly openSocket: OpenSocket;
  readonly proofTimeoutMs: number;
  readonly pollIntervalMs: number;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  send(data: string): void;
  close(code?: number): void;
}

/**
 * Opens a WebSocket. `refused` tells what is known of a failed upgrade: the answer, or null when nothing
 * answered. Browsers hide both, there it is never called.
 */
export type OpenSocket = (url: string, refused: (answer: Answer | null) => void) => Socket;
