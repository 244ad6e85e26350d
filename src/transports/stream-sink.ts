import type { FrameFormat } from '../hub/delivery/format.ts';
import type { Meter } from '../hub/meter.ts';
import type { FrameSink } from '../hub/session/session.ts';
import type { PageItem } from '../log/log.ts';
import { chunk } from '../wire/chunked.ts';
import type { ByteStream, StreamOwner } from './byte-stream.ts';

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
  frame: (json: string) => Buffer,
): StreamFormats {
  const plain = (text: string) => Buffer.from(text);
  const chunked = (text: string) => chunk([Buffer.from(text)]);
  return {
    plain: {
      encode,
      join: (parts) => Buffer.concat(parts),
      frame,
      text: lastOnce(plain),
    },
    chunked: {
      encode,
      join: (parts) => chunk(parts),
      frame: (json) => chunk([frame(json)]),
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

/** A stream of bytes as a sink, in a format that all streams of a kind share. */
export class StreamSink implements FrameSink, StreamOwner {
  readonly format: StreamFormat;
  readonly #bytes: ByteStream;
  readonly #meter: Meter;
  readonly #owner: StreamOwner;
  /** Bytes that went to the system past the stream. */
  #pastStream = 0;
  /** Kept here: Node's own getters cost as much as the rest of a delivery's JavaScript. */
  #state: 'open' | 'full' | 'ended' = 'open';

  /** @param open begins the stream, which is to tell the sink of its drain and its end */
  constructor(
    meter: Meter,
    formats: StreamFormats,
    owner: StreamOwner,
    open: (owner: StreamOwner) => ByteStream,
  ) {
    this.#meter = meter;
    this.#owner = owner;
    this.#bytes = open(this);
    this.format = this.#bytes.chunked ? formats.chunked : formats.plain;
  }

  /** Whether what is written has to be framed as chunks of HTTP/1.1. */
  get chunked(): boolean {
    return this.#bytes.chunked;
  }

  get writable(): boolean {
    return this.#state === 'open';
  }

  get socketBytes(): number | undefined {
    const bytes = this.#bytes.socketBytes;
    return bytes === undefined ? undefined : bytes + this.#pastStream;
  }

  get full(): boolean {
    return this.#state === 'full';
  }

  get drains(): boolean {
    return true;
  }

  descriptor(): number {
    return this.#bytes.descriptor?.() ?? -1;
  }

  sent(chunk: Uint8Array, bytes: number): void {
    this.#meter.bytes += bytes;
    this.#pastStream += bytes;
    if (bytes < chunk.length) this.write(chunk.subarray(bytes));
  }

  write(chunk: unknown): void {
    if (this.#state === 'ended') return;
    this.#meter.bytes += (chunk as Buffer).length;
    if (!this.#bytes.write(chunk as Buffer)) this.#state = 'full';
  }

  text(text: string): void {
    if (text !== '') this.write(this.format.text(text));
  }

  frame(json: string): void {
    this.write(this.format.frame(json));
  }

  end(): void {
    this.#state = 'ended';
    this.#bytes.end();
  }

  abort(): void {
    this.#bytes.abort();
  }

  drained(): void {
    if (this.#state === 'full') this.#state = 'open';
    this.#owner.drained();
  }

  ended(): void {
    this.#state = 'ended';
    this.#owner.ended();
  }
}
