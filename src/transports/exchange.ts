import type { Hub } from '../hub/hub.ts';
import type { UnreadFrame } from '../hub/session/frame-reader.ts';
import type { FanwireError } from '../protocol/errors.ts';
import type { ClientFrame } from '../protocol/frames.ts';
import type { Start } from '../protocol/start.ts';
import type { ByteStream, StreamOwner } from './byte-stream.ts';
import type { Caller } from './caller.ts';

export type Head = Readonly<Record<string, string | number>>;

/** The answer to a request, not yet begun, whatever carries it. */
export interface Reply {
  /** What every answer to the request carries: `Vary`, and CORS headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sends an answer whole, with a head that is not added to; `Content-Length` is the caller's to give. */
  send(status: number, head: Head, body?: string | Uint8Array): void;
}

/** A request and its answer. */
export interface Exchange extends Reply {
  readonly hub: Hub;
  readonly caller: Caller;
  readonly method: string;
  /** A header of the request. @param name in small letters */
  header(name: string): string | undefined;
  /** Whether nobody waits for the answer any more: an owner has been told already. */
  readonly abandoned: boolean;
  /** Whether the answer has been given whole. */
  readonly answered: boolean;
  /** Answers with a problem (RFC 9457). */
  sendProblem(error: FanwireError): void;
  /** Begins an answer that does not end: status 200 and this head. */
  stream(head: Head, owner: StreamOwner): ByteStream;
  /** Tells once of the end: the answer has left, or nobody waits for it any more. One owner an exchange, and no stream beside it. */
  whenEnded(owner: Pick<StreamOwner, 'ended'>): void;
  /** Cuts the connection. */
  abort(): void;
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
