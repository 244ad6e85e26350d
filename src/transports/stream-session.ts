import { Session, type SessionWire } from '../hub/session/session.ts';
import type { TransportCapabilities } from './capabilities.ts';
import type { Exchange, SessionRequest } from './exchange.ts';
import { receiveFrames } from './receive-frames.ts';
import { ResponseStream, type StreamFormats, type StreamOwner } from './response-stream.ts';

export interface StreamSessionKind {
  readonly capabilities: TransportCapabilities;
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

class StreamSession implements SessionWire, StreamOwner {
  readonly sink: ResponseStream;
  readonly session: Session;

  constructor(exchange: Exchange, client: string, kind: StreamSessionKind) {
    this.sink = new ResponseStream(exchange, kind.formats, { 'Content-Type': kind.contentType }, this);
    this.sink.text(kind.opening);
    this.session = new Session(
      exchange.hub,
      { ...exchange.caller, transport: kind.capabilities.name, client },
      this,
    );
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
