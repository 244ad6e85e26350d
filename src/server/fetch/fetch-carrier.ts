import { FanwireError } from '../../protocol/errors.ts';
import type { ByteStream, StreamOwner } from '../../transports/byte-stream.ts';
import type { Head } from '../../transports/exchange.ts';
import type { BodyReader, Carrier } from '../carrier.ts';
import type { Headers } from '../origin.ts';
import { problemResponse } from '../problem.ts';
import type { RequestHead } from '../request-head.ts';
import { FetchStream, type StreamEnd } from './fetch-stream.ts';

/**
 *  waiting ──send────────────────────► answered
 *     ├──stream──► streaming ──end───► answered
 *     └────────────────┴──the client goes──► abandoned
 */
type State =
  | { readonly kind: 'waiting'; readonly resolve: (response: Response) => void }
  | { readonly kind: 'streaming'; readonly stream: FetchStream }
  | { readonly kind: StreamEnd };

/** nginx's status for a client that has gone. Nobody reads it, but whoever called waits for an answer. */
const CLIENT_CLOSED_REQUEST = 499;

/** A `Request`, and the `Response` that it is answered with. */
export class FetchCarrier implements Carrier {
  readonly request: RequestHead;
  readonly response: Promise<Response>;
  readonly #source: Request;
  #state: State;
  #owner: Pick<StreamOwner, 'ended'> | undefined;
  #leave: (() => void) | undefined;
  #body: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(source: Request, request: RequestHead) {
    this.request = request;
    this.#source = source;
    let resolve!: (response: Response) => void;
    this.response = new Promise((settle) => {
      resolve = settle;
    });
    this.#state = { kind: 'waiting', resolve };
    source.signal.addEventListener('abort', this);
    if (source.signal.aborted) this.abort();
  }

  /** Of `signal`: the client has gone. */
  handleEvent(): void {
    if (this.#state.kind === 'streaming') this.#state.stream.end('abandoned');
    else this.abort();
  }

  get begun(): boolean {
    return this.#state.kind !== 'waiting';
  }

  get answered(): boolean {
    return this.#state.kind === 'answered';
  }

  get abandoned(): boolean {
    return this.#state.kind === 'abandoned';
  }

  get brokenOff(): boolean {
    return this.abandoned;
  }

  connectionHeaders(): Headers {
    return {};
  }

  send(status: number, head: Head, body?: string | Uint8Array): void {
    this.#respond(status, head, this.request.method === 'HEAD' ? undefined : body);
    this.#end('answered');
  }

  sendProblem(error: FanwireError, given: Headers, extra?: Readonly<Record<string, unknown>>): void {
    if (this.begun) {
      this.abort();
      return;
    }
    const { status, headers, body } = problemResponse(error, extra);
    this.send(status, { ...given, ...headers }, body);
  }

  stream(head: Head, owner: StreamOwner): ByteStream {
    const stream = new FetchStream(owner, (how) => this.#end(how));
    this.#owner = owner;
    this.#respond(200, head, stream.readable);
    this.#state = { kind: 'streaming', stream };
    return stream;
  }

  whenEnded(owner: Pick<StreamOwner, 'ended'>): void {
    this.#owner = owner;
  }

  countFor(address: string, leave: (address: string) => void): void {
    this.#leave = () => leave(address);
  }

  abort(): void {
    if (this.#state.kind === 'streaming') this.#state.stream.abort();
    else if (this.#state.kind === 'waiting') this.#respond(CLIENT_CLOSED_REQUEST, {});
    this.#end('abandoned');
  }

  /** A framework that parses bodies keeps what it parsed where only it knows. */
  leftBody(): undefined {
    if (!this.#source.bodyUsed) return;
    const sentence =
      'the body was read before the hub had the request: in the program, give `hub.fetch` the request first, or a clone of it';
    throw new FanwireError('internal', sentence, { cause: new TypeError(sentence) });
  }

  receive(reader: BodyReader): void {
    const { body } = this.#source;
    if (!body) {
      reader.end();
      return;
    }
    this.#body = body.getReader();
    void this.#pump(this.#body, reader);
  }

  stopReceiving(): void {
    // What it was read from may have failed already.
    this.#body?.cancel().catch(() => {});
    this.#body = undefined;
  }

  async #pump(body: ReadableStreamDefaultReader<Uint8Array>, reader: BodyReader): Promise<void> {
    try {
      while (this.#body) {
        const { done, value } = await body.read();
        if (done) return reader.end();
        reader.add(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      }
    } catch {
      reader.lost();
    }
  }

  #respond(status: number, head: Head, body?: string | Uint8Array | ReadableStream): void {
    if (this.#state.kind !== 'waiting') return;
    // Numbers among the headers become text by themselves.
    const headers = head as Record<string, string>;
    this.#state.resolve(new Response(body as BodyInit | undefined, { status, headers }));
  }

  #end(how: StreamEnd): void {
    if (this.answered || this.abandoned) return;
    this.#state = { kind: how };
    this.#source.signal.removeEventListener('abort', this);
    this.#owner?.ended();
    this.#leave?.();
  }
}
