import type { ChannelRead, Exchange } from '../exchange.ts';
import { lineFormats } from '../line-format.ts';
import { type StreamKind, serveStream } from '../stream-channel.ts';

/** A message a line; a blank line is a heartbeat. */
export function serveLines(exchange: Exchange, read: ChannelRead): Promise<void> {
  return serveStream(exchange, read, LINES);
}

const LINES: StreamKind = {
  transport: 'http-streaming',
  formats: lineFormats,
  contentType: 'application/x-ndjson',
  // A first byte of the body lets proxies and `fetch` pass the head on.
  opening: () => '\n',
  beat: () => '\n',
  farewell: (reason) => `${JSON.stringify({ error: reason.toJSON() })}\n`,
};
