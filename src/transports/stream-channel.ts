import type { Connection, Wire } from '../hub/connection.ts';
import { formatPosition, type Position } from '../protocol/position.ts';
import { FROM_NOW, type Start } from '../protocol/start.ts';
import type { TransportCapabilities } from './capabilities.ts';
import type { ChannelRead, Exchange } from './exchange.ts';
import { ResponseStream, type StreamFormats, type StreamOwner } from './response-stream.ts';

/** What sets one stream of a channel apart from another. */
export interface StreamKind {
  readonly capabilities: TransportCapabilities;
  readonly formats: StreamFormats;
  readonly contentType: string;
  /** What is sent at once. `position`: where the stream starts, if that is known. */
  opening(position: string | undefined): string;
  /** A sign of life. `position`: everything up to here was given. */
  beat(position: string | undefined): string;
}

/** Answers with what the channels have from the start on, and then with what comes, until either end goes. */
export async function serveStream(exchange: Exchange, read: ChannelRead, kind: StreamKind): Promise<void> {
  const start = await pinned(exchange, read);
  // Its end has been told of already: nobody would let go of a connection opened now.
  if (exchange.response.destroyed) return;
  await new ChannelStream(exchange, kind, start).subscribe(read.channels, start);
}

/** `now` becomes a position, so that the client can be told where it starts and loses nothing before its first message. */
async function pinned({ hub }: Exchange, { channels, start = FROM_NOW }: ChannelRead): Promise<Start> {
  return start.kind === 'now' ? { kind: 'after', position: await hub.position(channels) } : start;
}

// Fields, not closures over the exchange: ten thousand idle streams feel every one.
class ChannelStream implements Wire, StreamOwner {
  readonly sink: ResponseStream;
  readonly #kind: StreamKind;
  readonly #connection: Connection;

  constructor(exchange: Exchange, kind: StreamKind, start: Start) {
    const { hub, caller } = exchange;
    const position = start.kind === 'after' ? formatPosition(start.position) : undefined;
    const headers = position === undefined ? {} : { 'Fanwire-Position': position };
    this.#kind = kind;
    this.sink = new ResponseStream(
      exchange,
      kind.formats,
      { 'Content-Type': kind.contentType, ...headers },
      this,
    );
    const peer = { transport: kind.capabilities.name, address: caller.address, access: caller.access };
    this.#connection = hub.connect(peer, this);
    this.sink.text(kind.opening(position));
  }

  async subscribe(channels: readonly string[], start: Start): Promise<void> {
    const cursor = this.#connection.open(channels, start);
    await cursor.resume();
    // A history that turned out empty has shown no place to resume from.
    if (start.kind !== 'after' && cursor.live) this.beat(this.#connection.position);
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
