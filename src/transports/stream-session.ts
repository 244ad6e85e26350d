import { Session } from '../hub/session/session.ts';
import type { TransportCapabilities } from './capabilities.ts';
import type { Exchange, SessionRequest } from './exchange.ts';
import { openResponseStream, type StreamFormats } from './response-stream.ts';

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
  const { hub, caller, response } = exchange;
  const stream = openResponseStream(exchange, kind.formats, { 'Content-Type': kind.contentType });
  if (kind.opening !== '') stream.write(stream.format.text(kind.opening));
  const session = new Session(
    hub,
    { ...caller, transport: kind.capabilities.name, client },
    { sink: stream, close: () => stream.end(), abort: () => stream.abort() },
  );
  response.on('close', () => session.gone());
  stream.onDrain(() => void session.connection.drained());
  for (const frame of frames) void session.receive(frame);
  await session.settled();
}
