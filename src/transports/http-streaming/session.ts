import type { Exchange, SessionRequest } from '../exchange.ts';
import { lineFormats } from '../line-format.ts';
import { serveStreamSession } from '../stream-session.ts';

/** Every frame is one line. */
export function serveLineSession(exchange: Exchange, request: SessionRequest): Promise<void> {
  return serveStreamSession(exchange, request, {
    transport: 'http-streaming',
    formats: lineFormats,
    contentType: 'application/x-ndjson',
    opening: '',
  });
}
