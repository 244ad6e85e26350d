import type { Connection, Wire } from '../hub/connections/connection.ts';
import { formatPosition, type Position } from '../protocol/position.ts';
import { FROM_NOW, type Start } from '../protocol/start.ts';
import type { TransportCapabilities } from './capabilities.ts';
import { type ChannelRead, type Exchange, isAbandoned } from './exchange.ts';
import { ResponseStream, type StreamFormats, type StreamOwner, writeStreamHead } from './response-stream.ts';

/** What sets one stream of a channel apart from another: one object for all streams of the kind. */
export interface StreamKind {
  readonly capabilities: TransportCapabilities;
  readonly formats: StreamFormats;
  readonly contentType: string;
  /** What is sent at once. `position`: where the stream starts. */
  opening(position: string, retryMs: number): string;
  /** A sign of life. `position`: everything up to here was given. */
  beat(position: string | undefined): string;
}

/** Answers with what the channels have from the start on, and then with what comes, until either end goes. */
export async function serveStream(exchange: Exchange, read: ChannelRead, kind: StreamKind): Promise<void> {
  const { hub, request, response } = exchange;
  const { channels, start = FROM_NOW } = read;
  const position = await hub.beginning(channels, start);
  // Its end has been told of already: nobody would let go of a connection opened now.
  if (isAbandoned(response)) return;
  if (request.method === 'HEAD') {
    writeStreamHead(exchange, headOf(kind, position));
    response.end();
    return;
  }
  const from: Start = start.kind === 'now' ? { kind: 'after', position } : start;
  new ChannelStream(exchange, kind, position).subscribe(read, from, position);
}

function headOf({ contentType }: StreamKind, position: Position) {
  return { 'Content-Type': contentType, 'Fanwire-Position': formatPosition(position) };
}

// Fields, not closures over the exchange: ten thousand idle streams feel every one.
class ChannelStream implements Wire, StreamOwner {
  readonly sink: ResponseStream;
  readonly #kind: StreamKind;
  readonly #connection: Connection;

  constructor(exchange: Exchange, kind: StreamKind, position: Position) {
    const { hub, caller } = exchange;
    this.#kind = kind;
    this.sink = new ResponseStream(exchange, kind.formats, headOf(kind, position), this);
    const peer = { transport: kind.capabilities.name, address: caller.address, access: caller.access };
    this.#connection = hub.connect(peer, this);
  }

  subscribe({ channels, retryMs }: ChannelRead, from: Start, position: Position): void {
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

  close(): void {
    this.sink.end();
  }

  abort(): void {
    this.sink.abort();
  }
}
