import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Answers a request that offers another protocol, as `curl --http2` offers h2c, in the one it came in: an
 * offer may be ignored (RFC 9110 section 7.8), but Node hands all of them over once anyone listens for upgrades.
 */
export function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.on('finish', () => socket.end());
  socket.on('error', () => socket.destroy());
  server.emit('request', request, response);
}
