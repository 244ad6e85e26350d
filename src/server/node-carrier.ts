import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import type { FanwireError } from '../protocol/errors.ts';
import type { ByteStream, StreamOwner } from '../transports/byte-stream.ts';
import { descriptorOf } from '../transports/descriptor.ts';
import type { Head } from '../transports/exchange.ts';
import type { BodyReader, Carrier } from './carrier.ts';
import { leftBody } from './left-body.ts';
import type { Headers } from './origin.ts';
import { sendProblem } from './problem.ts';

/** A response of Node's HTTP/1.1 or HTTP/2 server. */
type NodeResponse = ServerResponse & { readonly stream?: Duplex };

/** One of Node's requests and its answer. */
export class NodeCarrier implements Carrier {
  readonly request: IncomingMessage;
  readonly response: NodeResponse;

  constructor(request: IncomingMessage, response: NodeResponse) {
    this.request = request;
    this.response = response;
  }

  get begun(): boolean {
    return this.response.headersSent;
  }

  get answered(): boolean {
    return this.response.writableEnded;
  }

  get abandoned(): boolean {
    // In HTTP/2 it is the stream that says so.
    return this.response.destroyed || this.response.stream?.destroyed === true;
  }

  get brokenOff(): boolean {
    return this.request.destroyed && !this.request.complete;
  }

  connectionHeaders(headers: Headers): Headers {
    if (this.response.stream) return {};
    // Node takes a `Connection` that it is given for all there is to say, and would keep open what the client wants closed.
    const { Connection: connection } = headers;
    if (this.response.shouldKeepAlive || !connection || connection === 'close') return headers;
    return { ...headers, Connection: `${connection}, close` };
  }

  send(status: number, head: Head, body?: string | Uint8Array): void {
    this.response.writeHead(status, head);
    this.response.end(body);
  }

  sendProblem(error: FanwireError, given: Headers, extra?: Readonly<Record<string, unknown>>): void {
    sendProblem(this.response, error, given, extra);
  }

  stream(head: Head, owner: StreamOwner): ByteStream {
    this.response.writeHead(200, head);
    this.response.flushHeaders();
    return new NodeStream(this.response, owner);
  }

  whenEnded(owner: Pick<StreamOwner, 'ended'>): void {
    (this.response as unknown as Owned)[OWNER] = owner;
    this.response.on('close', onClose);
  }

  countFor(address: string, leave: (address: string) => void): void {
    const counted = this.response as unknown as Counted;
    counted[ADDRESS] = address;
    counted[LEAVE] = leave;
    this.response.on('close', onCountedClose);
  }

  abort(): void {
    this.response.destroy();
  }

  leftBody(): Buffer | undefined {
    return leftBody(this.request);
  }

  receive(reader: BodyReader): void {
    const { request } = this;
    const lost = () => {
      if (!request.readableEnded) reader.lost();
    };
    // Events, not iteration, which costs as much as the rest of a small request together.
    request.on('data', (part: Buffer) => reader.add(part));
    request.on('end', () => reader.end());
    request.on('error', lost).on('close', lost);
  }

  stopReceiving(): void {
    this.request.removeAllListeners('data').pause();
  }
}

/**
 * The body of an answer that does not end. On HTTP/1.1 it is written to the socket, in chunks that were framed once for all
 * subscribers: `response.write` would frame each anew, at half as much CPU again for each
 * delivery. HTTP/2, HTTP/1.0 and middleware that encodes the body get plain writes.
 */
class NodeStream implements ByteStream {
  readonly chunked: boolean;
  readonly #response: NodeResponse;
  readonly #target: Writable;
  readonly #owner: StreamOwner;

  constructor(response: NodeResponse, owner: StreamOwner) {
    const { socket } = response;
    const raw = response.chunkedEncoding && socket && !response.hasHeader('content-encoding');
    this.chunked = Boolean(raw);
    this.#target = raw ? socket : response;
    this.#response = response;
    this.#owner = owner;
    // The same functions for all streams: closures would be kept as long as each is open.
    (this.#target as unknown as Owned)[DRAINED] = owner;
    this.#target.on('drain', onDrain);
    (response as unknown as Owned)[OWNER] = this;
    response.on('close', onClose);
  }

  get socketBytes(): number | undefined {
    return this.chunked ? this.#response.socket?.bytesWritten : undefined;
  }

  descriptor(): number {
    return this.chunked ? descriptorOf(this.#target) : -1;
  }

  write(bytes: Uint8Array): boolean {
    return this.#target.write(bytes);
  }

  end(): void {
    this.#response.end();
  }

  abort(): void {
    this.#response.destroy();
  }

  ended(): void {
    // A socket serves further requests once this answer has ended.
    this.#target.off('drain', onDrain);
    this.#owner.ended();
  }
}

/** Where a response keeps who is told of its end, and what it is written to who is told of its drain. */
const OWNER = Symbol('owner');
const DRAINED = Symbol('drained');

interface Owned {
  [OWNER]: Pick<StreamOwner, 'ended'>;
  [DRAINED]: StreamOwner;
}

/** Where a response keeps the address that it counts for, and who is told of its end. */
const ADDRESS = Symbol('address');
const LEAVE = Symbol('leave');

interface Counted {
  [ADDRESS]: string;
  [LEAVE](address: string): void;
}

function onDrain(this: Writable): void {
  (this as unknown as Owned)[DRAINED].drained();
}

function onClose(this: ServerResponse): void {
  (this as unknown as Owned)[OWNER].ended();
}

function onCountedClose(this: ServerResponse): void {
  const { [ADDRESS]: address, [LEAVE]: leave } = this as unknown as Counted;
  leave(address);
}
