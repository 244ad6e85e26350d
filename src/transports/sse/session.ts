import { SSE_PADDING } from '../../wire/sse.ts';
import type { Exchange, SessionRequest } from '../exchange.ts';
import { serveStreamSession } from '../stream-session.ts';
import { messageFormats } from './format.ts';

/** Every frame is the data of one event. */
export function serveEventSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  return serveStreamSession(exchange, request, {
    transport: 'sse',
    formats: messageFormats,
    contentType: 'text/event-stream',
    opening: `${SSE_PADDING}\n`,
  });
}
