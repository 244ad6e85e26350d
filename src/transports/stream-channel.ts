import type { Connection, Outlet } from '../hub/connections/connection.ts';
import type { FanwireError } from '../protocol/errors.ts';
import { formatPosition, type Position } from '../protocol/position.ts';
import { FROM_NOW, type Start } from '../protocol/start.ts';
import type { StreamOwner } from './byte-stream.ts';
import type { ChannelRead, Exchange } from './exchange.ts';
import { GzipSink } from './gzip-sink.ts';
import { isShared, variedByEncoding } from './gzipped.ts';
import { streamHead } from './stream-head.ts';
import { type StreamFormats, StreamSink } from './stream-sink.ts';
import { takesGzip } from './takes-gzip.ts';

/** What sets one stream of a channel apart from another: one object for all streams of the kind. */
export interface StreamKind {
  /** Under which its connections are listed. */
  readonly transport: string;
  readonly formats: StreamFormats;
  readonly contentType: string;
  /** What is sent at once. `position`: where the stream starts. */
  opening(position: string, retryMs: number): string;
  /** A sign of life. `position`: everything up to here was given. */
  beat(position: string | undefined): string;
  /** The last word, where something is wrong; nothing without it. */
  farewell?(reason: FanwireError): string;
}

/** What a stream is asked for. */
export type StreamRead = Pick<ChannelRead, 'channels' | 'start' | 'retryMs'>;

/** Answers with what the channels have from the start on, and then with what comes, until either end goes. */
export async function serveStream(exchange: Exchange, read: StreamRead, kind: StreamKind): Promise<void> {
  const { hub } = exchange;
  const { channels, start = FROM_NOW } = read;
  const position = await hub.beginning(channels, start);
  // The `close` event has fired already: nobody would let go of a connection opened now.
  if (exchange.abandoned) return;
  const gzipped = isGzipped(exchange, channels);
  if (exchange.method === 'HEAD') {
    exchange.send(200, headOf(exchange, kind, position, gzipped));
    return;
  }
  const from: Start = start.kind === 'now' ? { kind: 'after', position } : start;
  new ChannelStream(exchange, kind, position, gzipped).subscribe(read, from, position);
}

function headOf(exchange: Exchange, { contentType }: StreamKind, position: Position, gzipped: boolean) {
  return streamHead(exchange, {
    'Content-Type': contentType,
    'Fanwire-Position': formatPosition(position),
    ...(gzipped && { 'Content-Encoding': 'gzip', ...variedByEncoding(exchange) }),
  });
}

/** Where nothing can be shared, to compress for each reader would cost more than it saves. */
function isGzipped(exchange: Exchange, channels: readonly string[]): boolean {
  return takesGzip(exchange.header('accept-encoding')) && isShared(exchange, channels);
}

// Fields, not closures over the exchange: ten thousand idle streams feel every one.
class ChannelStream implements Outlet, StreamOwner {
  readonly sink: StreamSink | GzipSink;
  readonly #kind: StreamKind;
  readonly #connection: Connection;

  constructor(exchange: Exchange, kind: StreamKind, position: Position, gzipped: boolean) {
    const { hub, caller } = exchange;
    this.#kind = kind;
    const head = headOf(exchange, kind, position, gzipped);
    const Sink = gzipped ? GzipSink : StreamSink;
    this.sink = new Sink(hub.meter, kind.formats, this, (owner) => exchange.stream(head, owner));
    const peer = { transport: kind.transport, address: caller.address, access: caller.access };
    this.#connection = hub.connect(peer, this);
  }

  subscribe({ channels, retryMs }: StreamRead, from: Start, position: Position): void {
    this.sink.text(this.#kind.opening(formatPosition(position), retryMs));
    void this.#connection.open(channels, from).resume();
  }

  drained(): void {
    void this.#connection.drained();
  }

  ended(): void {
    this.#connection.gone();
  }

  beat(position: Position | undefined): void {
    this.sink.text(this.#kind.beat(position && formatPosition(position)));
  }

  close(reason: FanwireError | undefined): void {
    if (reason) this.sink.text(this.#kind.farewell?.(reason) ?? '');
    this.sink.end();
  }

  abort(): void {
    this.sink.abort();
  }
}
