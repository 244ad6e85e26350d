import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Format } from '../hub/delivery/format.ts';
import type { Meter } from '../hub/meter.ts';
import type { FrameSink } from '../hub/session/session.ts';
import { chunk as httpChunk } from '../wire/chunked.ts';
import type { ByteStream, StreamOwner } from './byte-stream.ts';
import {
  deflatedAlone,
  FeedWindows,
  ReaderWindow,
  WindowedChunk,
  type WindowedParts,
} from './shared-window.ts';
import { type StreamFormats, StreamSink } from './stream-sink.ts';

/** Deflated, without a name or a time, from an unknown system (RFC 1952 section 2.3.1). */
const HEAD = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);
/** The end of a flush: a reader then has all that came before it. */
const FLUSH = Buffer.of(0, 0, 0xff, 0xff);
/** A last block that holds nothing. */
const LAST_BLOCK = Buffer.of(3, 0);
/** As it is, in the compressor's words: what is to fill a proxy's buffer has to keep its length. */
const STORED = { level: constants.Z_NO_COMPRESSION, finishFlush: constants.Z_SYNC_FLUSH };

interface GzipParts extends WindowedParts {
  readonly plain: Buffer;
}

type GzipFormat = Format<Buffer, WindowedChunk<GzipParts>>;

/** For each kind of stream the one format that all its readers share. */
const made = {
  chunked: new WeakMap<StreamFormats, GzipFormat>(),
  plain: new WeakMap<StreamFormats, GzipFormat>(),
};

function gzipped(formats: StreamFormats, chunked: boolean): GzipFormat {
  const known = made[chunked ? 'chunked' : 'plain'];
  let format = known.get(formats);
  if (!format) {
    const windows = new FeedWindows();
    format = {
      encode: formats.plain.encode,
      join(parts, { stretch, position }) {
        const plain = Buffer.concat(parts);
        const join: WindowedParts['join'] = (deflate) => framed([deflate(plain), FLUSH], chunked);
        return windows.chunk({ plain, join, separate: () => join(deflatedAlone) }, stretch, position);
      },
    };
    known.set(formats, format);
  }
  return format;
}

function framed(parts: readonly Buffer[], chunked: boolean): Buffer {
  return chunked ? httpChunk(parts) : Buffer.concat(parts);
}

/** A stream compressed with gzip (RFC 1952): messages in a window that its readers share, all else by itself. */
export class GzipSink implements FrameSink {
  readonly format: GzipFormat;
  readonly #stream: StreamSink;
  readonly #formats: StreamFormats;
  readonly #window = new ReaderWindow();
  #checksum = 0;
  #length = 0;

  /** @param open begins the stream, which is to tell the sink of its drain and its end */
  constructor(
    meter: Meter,
    formats: StreamFormats,
    owner: StreamOwner,
    open: (owner: StreamOwner) => ByteStream,
  ) {
    this.#stream = new StreamSink(meter, formats, owner, open);
    this.#formats = formats;
    this.format = gzipped(formats, this.#stream.chunked);
    this.#send(HEAD);
  }

  get writable(): boolean {
    return this.#stream.writable;
  }

  get socketBytes(): number | undefined {
    return this.#stream.socketBytes;
  }

  get full(): boolean {
    return this.#stream.full;
  }

  get drains(): boolean {
    return this.#stream.drains;
  }

  descriptor(): number {
    return this.#stream.descriptor();
  }

  sent(chunk: Uint8Array, bytes: number): void {
    this.#stream.sent(chunk, bytes);
  }

  bytesOf(chunk: unknown): Buffer {
    const windowed = chunk as WindowedChunk<GzipParts>;
    this.#count(windowed.parts.plain);
    return this.#window.choose(windowed);
  }

  write(chunk: unknown): void {
    this.#stream.write(chunk instanceof WindowedChunk ? this.bytesOf(chunk) : chunk);
  }

  text(text: string): void {
    if (text !== '') this.#own(Buffer.from(text));
  }

  frame(json: string): void {
    this.#own(this.#formats.plain.frame(json));
  }

  end(): void {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#checksum, 0);
    // Modulo 2³² (RFC 1952 section 2.3.1).
    trailer.writeUInt32LE(this.#length >>> 0, 4);
    this.#send(LAST_BLOCK, trailer);
    this.#stream.end();
  }

  abort(): void {
    this.#stream.abort();
  }

  /** What is this reader's alone comes into its window, but into no other's. */
  #own(plain: Buffer): void {
    this.#count(plain);
    this.#window.interrupt();
    this.#send(deflateRawSync(plain, STORED));
  }

  #count(plain: Buffer): void {
    this.#checksum = crc32(plain, this.#checksum);
    this.#length += plain.length;
  }

  #send(...parts: readonly Buffer[]): void {
    this.#stream.write(framed(parts, this.#stream.chunked));
  }
}
