import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import type { Hub } from '../hub/hub.ts';
import type { ByteStream, StreamOwner } from '../transports/byte-stream.ts';
import type { Caller } from '../transports/caller.ts';
import type { Exchange, Head, Reply } from '../transports/exchange.ts';
import type { Headers } from './origin.ts';

/** A response of Node's HTTP/1.1 or HTTP/2 server. */
type NodeResponse = ServerResponse & { readonly stream?: Duplex };

/** The answer to one of Node's requests, before it is known whose it is. */
export class NodeReply implements Reply {
  readonly request: IncomingMessage;
  readonly response: NodeResponse;
  readonly headers: Headers;

  constructor(request: IncomingMessage, response: NodeResponse, headers: Headers) {
    this.request = request;
    this.response = response;
    this.headers = headers;
  }

  send(status: number, head: Head, body?: string | Uint8Array): void {
    this.response.writeHead(status, head);
    this.response.end(body);
  }
}

/** One of Node's requests and its answer. */
export class NodeExchange extends NodeReply implements Exchange {
  readonly hub: Hub;
  readonly caller: Caller;

  constructor(hub: Hub, caller: Caller, request: IncomingMessage, response: NodeResponse, headers: Headers) {
    super(request, response, headers);
    this.hub = hub;
    this.caller = caller;
  }

  /** The same request of somebody who is known better by now. */
  by(caller: Caller): NodeExchange {
    return new NodeExchange(this.hub, caller, this.request, this.response, this.headers);
  }

  get method(): string {
    return this.request.method!;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return value === undefined ? undefined : String(value);
  }

  get abandoned(): boolean {
    const { response } = this;
    // In HTTP/2 it is the stream that says so.
    return response.destroyed || response.stream?.destroyed === true;
  }

  get answered(): boolean {
    return this.response.writableEnded;
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

  abort(): void {
    this.response.destroy();
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

function onDrain(this: Writable): void {
  (this as unknown as Owned)[DRAINED].drained();
}

function onClose(this: ServerResponse): void {
  (this as unknown as Owned)[OWNER].ended();
}
