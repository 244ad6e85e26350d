import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Access, Credentials } from '../hub/authorisation/access.ts';
import type { Hub } from '../hub/hub.ts';
import type { PublishPace } from '../hub/publishing/publish-pace.ts';
import type { UnreadFrame } from '../hub/session/frame-reader.ts';
import type { ClientFrame } from '../protocol/frames.ts';
import type { Start } from '../protocol/start.ts';

/** Whom the server found at the other end, before any transport is chosen. */
export interface Caller {
  readonly address: string;
  /** What limits count by: the address, or the network that one client has as a whole. */
  readonly network: string;
  readonly access: Access;
  readonly credentials: Credentials;
  /** What the client's hello said had failed before. */
  readonly why?: string;
  readonly pace: PublishPace;
}

/** A request and its answer. */
export interface Exchange {
  readonly hub: Hub;
  readonly caller: Caller;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What every answer to the request carries: `Vary`, and CORS headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether nobody waits for the answer any more: `close` has been told of already. */
export function isAbandoned(response: ServerResponse & { readonly stream?: Duplex }): boolean {
  // In HTTP/2 it is the stream that says so.
  return response.destroyed || response.stream?.destroyed === true;
}

/** A WebSocket's handshake, not yet answered. */
export interface Handshake {
  readonly hub: Hub;
  readonly caller: Caller;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the socket had sent already. */
  readonly head: Buffer;
}

/** What a channel URL asks for. */
export interface ChannelRead {
  readonly channels: readonly string[];
  /** Undefined: what the transport starts from by default. */
  readonly start: Start | undefined;
  /** Messages in one answer. */
  readonly limit: number;
  /** How long a request may be parked, in seconds. */
  readonly waitSeconds: number;
  /** For JSON answers: what caches may do with them. */
  readonly cacheControl: string;
  /** What an EventSource is told to wait before it reconnects, in milliseconds. */
  readonly retryMs: number;
}

/** What a request to the SDK's endpoint asks for. */
export interface SessionRequest {
  readonly client: string;
  readonly frames: readonly (ClientFrame | UnreadFrame)[];
  readonly waitSeconds: number;
}
