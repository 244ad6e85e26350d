import { Session, type SessionOutlet } from '../hub/session/session.ts';
import type { TransportName } from '../protocol/transport-name.ts';
import type { StreamOwner } from './byte-stream.ts';
import type { Exchange, SessionRequest } from './exchange.ts';
import { receiveFrames } from './receive-frames.ts';
import { streamHead } from './stream-head.ts';
import { type StreamFormats, StreamSink } from './stream-sink.ts';

export interface StreamSessionKind {
  readonly transport: TransportName;
  readonly formats: StreamFormats;
  readonly contentType: string;
  /** Sent before the first frame. */
  readonly opening: string;
}

/** The SDK's endpoint as a stream: the frames of the request's body are handled, and the answer goes on. */
export async function serveStreamSession(
  exchange: Exchange,
  { client, frames }: SessionRequest,
  kind: StreamSessionKind,
): Promise<void> {
  const { session } = new StreamSession(exchange, client, kind);
  await receiveFrames(session, frames);
  await session.settled();
}

class StreamSession implements SessionOutlet, StreamOwner {
  readonly sink: StreamSink;
  readonly session: Session;

  constructor(exchange: Exchange, client: string, kind: StreamSessionKind) {
    const { hub, caller } = exchange;
    const head = streamHead(exchange, { 'Content-Type': kind.contentType });
    this.sink = new StreamSink(hub.meter, kind.formats, this, (owner) => exchange.stream(head, owner));
    this.sink.text(kind.opening);
    this.session = new Session(hub, { ...caller, transport: kind.transport, client }, this);
  }

  drained(): void {
    this.session.drained();
  }

  ended(): void {
    this.session.gone();
  }

  close(): void {
    this.sink.end();
  }

  abort(): void {
    this.sink.abort();
  }
}
