import { SSE_PADDING, sseComment, sseId, sseRetry } from '../../wire/sse.ts';
import type { ChannelRead, Exchange } from '../exchange.ts';
import { serveStream } from '../stream-channel.ts';
import { capabilities } from './capabilities.ts';
import { messageFormats, payloadFormats } from './format.ts';

/** Server-sent events of one channel (`data` is the payload) or of several (`data` is the message). */
export function serveEvents(exchange: Exchange, read: ChannelRead): Promise<void> {
  const idOf = (position: string | undefined) => (position === undefined ? '\n' : sseId(position));
  return serveStream(exchange, read, {
    capabilities,
    formats: read.channels.length === 1 ? payloadFormats : messageFormats,
    contentType: 'text/event-stream',
    opening: (position) => SSE_PADDING + sseRetry(read.retryMs) + sseId(position),
    beat: (position) => sseComment('') + idOf(position),
  });
}
