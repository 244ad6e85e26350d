import type { SocketTransport } from '../transport.ts';
import { serveChannelSocket } from './channel.ts';
import { serveSocketSession } from './session.ts';

/** WebSocket (RFC 6455). */
export const websocket = {
  name: 'websocket',
  push: true,
  streaming: true,
  duplex: true,
  binary: true,
  comesAs: 'socket',
  protocol: 'websocket',
  serveChannel: serveChannelSocket,
  serveSession: serveSocketSession,
} satisfies SocketTransport;
