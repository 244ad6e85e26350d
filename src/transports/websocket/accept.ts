import type { PerMessageDeflateOptions, ServerOptions, WebSocket, WebSocketServer } from 'ws';
import { GOODBYE_MS } from '../../protocol/close-codes.ts';
import type { Handshake } from '../handshake.ts';
import { ServerClass } from './server-class.ts';
import { answeredSubprotocol, SUBPROTOCOL } from './subprotocol.ts';

const servers = new Map<string, WebSocketServer>();

/** What is agreed on with a client that offers permessage-deflate. */
const DEFLATE: PerMessageDeflateOptions = { serverNoContextTakeover: true, clientNoContextTakeover: true };

/**
 * Answers the handshake. A message above `maxBytes`, whole or in fragments, and after it was decompressed, is
 * refused with 1009.
 * @param subprotocol to answer with, where the client has offered it
 */
export function acceptWebSocket(
  handshake: Handshake,
  maxBytes: number,
  accepted: (webSocket: WebSocket) => void,
  subprotocol = SUBPROTOCOL,
): void {
  const { hub, request, socket, head } = handshake;
  // It asks for a smaller window than the frame was made with that all share: as if it had offered nothing.
  const narrow = request.headers['sec-websocket-extensions']?.includes('server_max_window_bits');
  const deflates = hub.deflateFromBytes !== undefined && !narrow;
  // `ws` takes it alone; a client may have offered others beside it.
  request.headers.upgrade = 'websocket';
  serverFor(maxBytes, deflates, subprotocol).handleUpgrade(request, socket, head, accepted);
}

function serverFor(maxPayload: number, deflates: boolean, subprotocol: string): WebSocketServer {
  const key = `${maxPayload} ${deflates} ${subprotocol}`;
  let server = servers.get(key);
  if (!server) {
    // The types do not know `closeTimeout` yet (ws 8.19).
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: deflates && DEFLATE,
      closeTimeout: GOODBYE_MS,
      maxPayload,
      handleProtocols: (_, request) => answeredSubprotocol(request, subprotocol) ?? false,
    };
    server = new ServerClass(options);
    servers.set(key, server);
  }
  return server;
}
