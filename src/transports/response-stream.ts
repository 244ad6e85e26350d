import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { FrameFormat } from '../hub/format.ts';
import type { Meter } from '../hub/meter.ts';
import type { Sink } from '../hub/sink.ts';
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
      text: plain,
    },
    chunked: {
      encode,
      join: (parts) => chunk(parts),
      frame: (json) => chunked(frameText(json)),
      text: chunked,
    },
  };
}

/** An answer that does not end, as a sink. */
export interface ResponseStream extends Sink {
  readonly format: StreamFormat;
  /** Sends a frame's JSON; nothing once it has ended. */
  frame(json: string): void;
  /** Calls back when it takes chunks again. */
  onDrain(listener: () => void): void;
  end(): void;
  /** Cuts the connection. */
  abort(): void;
}

/**
 * Sends the head and returns the body as a sink. On HTTP/1.1 the chunks are framed once for all
 * subscribers and written to the socket: `response.write` would frame each anew, at half as much CPU
 * again for each delivery. HTTP/2, HTTP/1.0 and middleware that encodes the body get plain writes.
 */
export function openResponseStream(
  { hub, response }: Exchange,
  formats: StreamFormats,
  headers: Readonly<Record<string, string>>,
): ResponseStream {
  response.writeHead(200, {
    ...headers,
    // `no-transform` keeps proxies and compressing middleware from holding the stream back; nginx has its own word.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const raw = response.chunkedEncoding && response.socket && !response.hasHeader('content-encoding');
  return new Stream(
    response,
    raw ? response.socket! : response,
    raw ? formats.chunked : formats.plain,
    hub.meter,
  );
}

class Stream implements ResponseStream {
  readonly format: StreamFormat;
  readonly #response: ServerResponse;
  readonly #target: Writable;
  readonly #meter: Meter;
  /** Kept here: Node's own getters cost as much as the rest of a delivery's JavaScript. */
  #state: 'open' | 'full' | 'ended' = 'open';

  constructor(response: ServerResponse, target: Writable, format: StreamFormat, meter: Meter) {
    this.#response = response;
    this.#target = target;
    this.format = format;
    this.#meter = meter;
  }

  get writable(): boolean {
    return this.#state === 'open';
  }

  write(chunk: Buffer): void {
    if (this.#state === 'ended') return;
    this.#meter.bytes += chunk.length;
    if (!this.#target.write(chunk)) this.#state = 'full';
  }

  frame(json: string): void {
    this.write(this.format.frame(json));
  }

  onDrain(listener: () => void): void {
    const drained = () => {
      if (this.#state === 'full') this.#state = 'open';
      listener();
    };
    this.#target.on('drain', drained);
    // A socket serves further requests once this answer has ended.
    this.#response.once('close', () => this.#target.off('drain', drained));
  }

  end(): void {
    this.#state = 'ended';
    this.#response.end();
  }

  abort(): void {
    this.#response.destroy();
  }
}
