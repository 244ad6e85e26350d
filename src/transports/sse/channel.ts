import { problemJson } from '../../protocol/problems.ts';
import { SSE_PADDING, sseComment, sseEvent, ssePosition, sseRetry } from '../../wire/sse.ts';
import type { ChannelRead, Exchange } from '../exchange.ts';
import { type StreamKind, serveStream } from '../stream-channel.ts';
import type { StreamFormats } from '../stream-sink.ts';
import { messageFormats, payloadFormats } from './format.ts';

/** Server-sent events of one channel (`data` is the payload) or of several (`data` is the message). */
export function serveEvents(exchange: Exchange, read: ChannelRead): Promise<void> {
  return serveStream(exchange, read, read.channels.length === 1 ? PAYLOADS : MESSAGES);
}

const PAYLOADS = eventsOf(payloadFormats);
const MESSAGES = eventsOf(messageFormats);

function eventsOf(formats: StreamFormats): StreamKind {
  return {
    transport: 'sse',
    formats,
    contentType: 'text/event-stream',
    opening: (position, retryMs) => SSE_PADDING + sseRetry(retryMs) + ssePosition(position),
    farewell: (reason) => sseEvent({ event: 'error', data: problemJson(reason) }),
    beat: (position) => (position === undefined ? `${sseComment('')}\n` : ssePosition(position)),
  };
}
