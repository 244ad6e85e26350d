import type { FanwireError } from '../protocol/errors.ts';
import type { ByteStream, StreamOwner } from '../transports/byte-stream.ts';
import type { Head } from '../transports/exchange.ts';
import type { Headers } from './origin.ts';
import type { RequestHead } from './request-head.ts';

/** What carries a request and its answer: Node's pair of objects, or what `fetch` knows of them. */
export interface Carrier extends BodySource {
  readonly request: RequestHead;
  /** Whether the answer has begun: its head can't be taken back. */
  readonly begun: boolean;
  /** Whether the answer has been given whole. */
  readonly answered: boolean;
  /** Whether nobody waits for the answer any more. */
  readonly abandoned: boolean;
  /** Whether the client went away before the end of its request. */
  readonly brokenOff: boolean;
  /** Those of these headers that exist where it comes from: HTTP/2 has none about the connection (RFC 9113 section 8.2.2). */
  connectionHeaders(headers: Headers): Headers;
  send(status: number, head: Head, body?: string | Uint8Array): void;
  /** Answers with an error, or cuts off what has begun. @param extra further members of the body */
  sendProblem(error: FanwireError, given: Headers, extra?: Readonly<Record<string, unknown>>): void;
  stream(head: Head, owner: StreamOwner): ByteStream;
  whenEnded(owner: Pick<StreamOwner, 'ended'>): void;
  /** Calls this with the address once, at the end; beside the owner, and for all requests the same function. */
  countFor(address: string, leave: (address: string) => void): void;
  abort(): void;
}

/** Where a request's body comes from. */
export interface BodySource {
  /**
   * What there is of it, where a program has read it before; undefined where nobody has.
   * @throws FanwireError `internal` if nothing is left
   */
  leftBody(): Buffer | undefined;
  /** Gives the body to a reader, as it comes. */
  receive(reader: BodyReader): void;
  /** No more of it is wanted. */
  stopReceiving(): void;
}

export interface BodyReader {
  add(part: Buffer): void;
  end(): void;
  /** It broke off. */
  lost(): void;
}
