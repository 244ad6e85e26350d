import type { RequestTransport } from '../transport.ts';
import { serveLines } from './channel.ts';
import { serveLineSession } from './session.ts';

/** JSON lines in one answer that does not end. */
export const httpStreaming = {
  name: 'http-streaming',
  push: true,
  streaming: true,
  duplex: false,
  binary: false,
  comesAs: 'request',
  mediaType: 'application/x-ndjson',
  serveChannel: serveLines,
  serveSession: serveLineSession,
} satisfies RequestTransport;
