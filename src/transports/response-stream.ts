import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { FrameFormat } from '../hub/delivery/format.ts';
import type { Meter } from '../hub/meter.ts';
import type { FrameSink } from '../hub/session/session.ts';
import type { PageItem } from '../log/log.ts';
import { chunk } from '../wire/chunked.ts';
import type { Exchange } from './exchange.ts';

/** A format that also writes what is no message: comments, blank lines. */
export interface StreamFormat extends FrameFormat<Buffer, Buffer> {
  text(text: string): Buffer;
}

/** A wire format as it stands in a body, and the same framed as HTTP/1.1 chunks. */
export interface StreamFormats {
  readonly plain: StreamFormat;
  readonly chunked: StreamFormat;
}

/** Both formats of a wire format, from how it writes an item and how it writes a frame's JSON. */
export function streamFormats(
  encode: (item: PageItem) => Buffer,
  frameText: (json: string) => string,
): StreamFormats {
  const plain = (text: string) => Buffer.from(text);
  const chunked = (text: string) => chunk([Buffer.from(text)]);
  return {
    plain: {
      encode,
      join: (parts) => Buffer.concat(parts),
      frame: (json) => plain(frameText(json)),
      text: lastOnce(plain),
    },
    chunked: {
      encode,
      join: (parts) => chunk(parts),
      frame: (json) => chunked(frameText(json)),
      text: lastOnce(chunked),
    },
  };
}

/** Those who beat, or begin, at one place write the same. */
function lastOnce(encode: (text: string) => Buffer): (text: string) => Buffer {
  let last: { readonly text: string; readonly bytes: Buffer } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, bytes: encode(text) };
    return last.bytes;
  };
}

/** Who is told of what becomes of a stream. */
export interface StreamOwner {
  drained(): void;
  ended(): void;
}

/**
 * An answer that does not end, as a sink. On HTTP/1.1 the chunks are framed once for all subscribers and
 * written to the socket: `response.write` would frame each anew, at half as much CPU again for each
 * delivery. HTTP/2, HTTP/1.0 and middleware that encodes the body get plain writes.
 */
export class ResponseStream implements FrameSink {
  readonly format: StreamFormat;
  readonly #response: ServerResponse;
  readonly #target: Writable;
  readonly #meter: Meter;
  readonly #owner: StreamOwner;
  /** Kept here: Node's own getters cost as much as the rest of a delivery's JavaScript. */
  #state: 'open' | 'full' | 'ended' = 'open';

  /** Sends the head. */
  constructor(
    exchange: Exchange,
    formats: StreamFormats,
    headers: Readonly<Record<string, string>>,
    owner: StreamOwner,
  ) {
    const { hub, response } = exchange;
    writeStreamHead(exchange, headers);
    response.flushHeaders();
    const raw = response.chunkedEncoding && response.socket && !response.hasHeader('content-encoding');
    this.format = raw ? formats.chunked : formats.plain;
    this.#target = raw ? response.socket! : response;
    this.#response = response;
    this.#meter = hub.meter;
    this.#owner = owner;
    // The same functions for all streams: closures would be kept as long as each is open.
    Object.assign(this.#target, { [STREAM]: this }).on('drain', onDrain);
    Object.assign(response, { [STREAM]: this }).on('close', onClose);
  }

  get writable(): boolean {
    return this.#state === 'open';
  }

  get full(): boolean {
    return this.#state === 'full';
  }

  get drains(): boolean {
    return true;
  }

  write(chunk: Buffer): void {
    if (this.#state === 'ended') return;
    this.#meter.bytes += chunk.length;
    if (!this.#target.write(chunk)) this.#state = 'full';
  }

  text(text: string): void {
    if (text !== '') this.write(this.format.text(text));
  }

  frame(json: string): void {
    this.write(this.format.frame(json));
  }

  end(): void {
    this.#state = 'ended';
    this.#response.end();
  }

  /** Cuts the connection. */
  abort(): void {
    this.#response.destroy();
  }

  drained(): void {
    if (this.#state === 'full') this.#state = 'open';
    this.#owner.drained();
  }

  ended(): void {
    // A socket serves further requests once this answer has ended.
    this.#target.off('drain', onDrain);
    this.#state = 'ended';
    this.#owner.ended();
  }
}

/** The head of an answer that does not end, which is all that a HEAD gets. */
export function writeStreamHead(
  { response, headers: given }: Pick<Exchange, 'response' | 'headers'>,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, {
    ...given,
    ...headers,
    // `no-transform` keeps proxies and compressing middleware from holding the stream back; nginx has its own word.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
}

/** Where a response and what it is written to keep their stream. */
const STREAM = Symbol('stream');

function onDrain(this: Writable): void {
  streamOf(this).drained();
}

function onClose(this: ServerResponse): void {
  streamOf(this).ended();
}

function streamOf(emitter: Writable): ResponseStream {
  return (emitter as Writable & { [STREAM]: ResponseStream })[STREAM];
}
