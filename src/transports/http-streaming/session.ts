import type { Exchange, SessionRequest } from '../exchange.ts';
import { serveStreamSession } from '../stream-session.ts';
import { lineFormats } from './format.ts';

/** Every frame is one line. */
export function serveLineSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  return serveStreamSession(exchange, request, {
    transport: 'http-streaming',
    formats: lineFormats,
    contentType: 'application/x-ndjson',
    opening: '',
  });
}
