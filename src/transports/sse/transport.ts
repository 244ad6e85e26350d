import type { RequestTransport } from '../transport.ts';
import { serveEvents } from './channel.ts';
import { putOffEvents } from './refusal.ts';
import { serveEventSession } from './session.ts';

/** Server-sent events (WHATWG HTML 9.2), as an EventSource reads them. */
export const sse = {
  name: 'sse',
  push: true,
  streaming: true,
  duplex: false,
  binary: false,
  comesAs: 'request',
  mediaType: 'text/event-stream',
  resumeHeader: 'last-event-id',
  serveChannel: serveEvents,
  serveSession: serveEventSession,
  putOff: putOffEvents,
} satisfies RequestTransport;
