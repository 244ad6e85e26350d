import type { Hub } from '../hub/hub.ts';
import type { FanwireError } from '../protocol/errors.ts';
import type { ByteStream, StreamOwner } from '../transports/byte-stream.ts';
import type { Caller } from '../transports/caller.ts';
import type { Exchange, Head, Reply } from '../transports/exchange.ts';
import type { Carrier } from './carrier.ts';
import type { Headers } from './origin.ts';
import type { RequestHead } from './request-head.ts';

/** The answer to a request of which it need not be known whose it is. */
export class ServerReply implements Reply {
  readonly carrier: Carrier;
  readonly headers: Headers;

  constructor(carrier: Carrier, headers: Headers) {
    this.carrier = carrier;
    this.headers = headers;
  }

  get request(): RequestHead {
    return this.carrier.request;
  }

  /** Whether an answer has begun, which can't be taken back. */
  get begun(): boolean {
    return this.carrier.begun;
  }

  send(status: number, head: Head, body?: string | Uint8Array): void {
    this.carrier.send(status, head, body);
  }

  /** @param extra further members of the body, such as what was done before it failed */
  sendProblem(error: FanwireError, extra?: Readonly<Record<string, unknown>>): void {
    this.carrier.sendProblem(error, this.headers, extra);
  }
}

/** A request and its answer, as transports see them. */
export class ServerExchange extends ServerReply implements Exchange {
  readonly hub: Hub;
  readonly caller: Caller;

  constructor(hub: Hub, caller: Caller, carrier: Carrier, headers: Headers) {
    super(carrier, headers);
    this.hub = hub;
    this.caller = caller;
  }

  /** The same request of somebody who is known better by now. */
  by(caller: Caller): ServerExchange {
    return new ServerExchange(this.hub, caller, this.carrier, this.headers);
  }

  get method(): string {
    return this.carrier.request.method!;
  }

  header(name: string): string | undefined {
    const value = this.carrier.request.headers[name];
    return value === undefined ? undefined : String(value);
  }

  get abandoned(): boolean {
    return this.carrier.abandoned;
  }

  get answered(): boolean {
    return this.carrier.answered;
  }

  stream(head: Head, owner: StreamOwner): ByteStream {
    return this.carrier.stream(head, owner);
  }

  whenEnded(owner: Pick<StreamOwner, 'ended'>): void {
    this.carrier.whenEnded(owner);
  }

  abort(): void {
    this.carrier.abort();
  }
}
