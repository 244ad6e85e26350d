import type { Position } from '../protocol/position.ts';
import { formatPosition } from '../protocol/position.ts';
import { FROM_NOW, type Start } from '../protocol/start.ts';
import type { TransportCapabilities } from './capabilities.ts';
import type { ChannelRead, Exchange } from './exchange.ts';
import { openResponseStream, type StreamFormats } from './response-stream.ts';

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
  const { hub, caller, response } = exchange;
  const start = await pinned(exchange, read);
  const position = start.kind === 'after' ? formatPosition(start.position) : undefined;
  const stream = openResponseStream(exchange, kind.formats, {
    'Content-Type': kind.contentType,
    ...(position === undefined ? {} : { 'Fanwire-Position': position }),
  });
  const write = (text: string) => {
    if (text !== '') stream.write(stream.format.text(text));
  };
  const beat = (reached: Position | undefined) => write(kind.beat(reached && formatPosition(reached)));
  const connection = hub.connect(
    { transport: kind.capabilities.name, address: caller.address, access: caller.access },
    { sink: stream, beat, close: () => stream.end(), abort: () => stream.abort() },
  );
  response.on('close', () => connection.gone());
  stream.onDrain(() => void connection.drained());
  write(kind.opening(position));
  const cursor = connection.open(read.channels, start);
  await cursor.resume();
  // A history that turned out empty has shown no place to resume from.
  if (position === undefined && cursor.live) beat(connection.position);
}

/** `now` becomes a position, so that the client can be told where it starts and loses nothing before its first message. */
async function pinned({ hub }: Exchange, { channels, start = FROM_NOW }: ChannelRead): Promise<Start> {
  return start.kind === 'now' ? { kind: 'after', position: await hub.position(channels) } : start;
}
