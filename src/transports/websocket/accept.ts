import type { PerMessageDeflateOptions, ServerOptions, WebSocket, WebSocketServer } from 'ws';
import { GOODBYE_MS } from '../../protocol/close-codes.ts';
import type { Handshake } from '../handshake.ts';
import { HeardWebSocket } from './heard-socket.ts';
import { ServerClass } from './server-class.ts';
import { answeredSubprotocol, SUBPROTOCOL } from './subprotocol.ts';

const servers = new Map<string, WebSocketServer>();

/** How messages to a client are compressed: not at all, each alone, or in the window that readers of a feed share. */
export type Agreement = 'none' | 'alone' | 'shared';

const DEFLATE: { readonly [Kind in Agreement]: PerMessageDeflateOptions | false } = {
  none: false,
  alone: { serverNoContextTakeover: true, clientNoContextTakeover: true },
  shared: { clientNoContextTakeover: true },
};

/** What is agreed on with a client that offers permessage-deflate, if it does. */
export function agreementWith({ hub, request }: Pick<Handshake, 'hub' | 'request'>): Agreement {
  const offers = request.headers['sec-websocket-extensions'] ?? '';
  // It asks for a smaller window than the frame was made with that all share: as if it had offered nothing.
  if (!hub.compression || offers.includes('server_max_window_bits')) return 'none';
  return hub.compression.sharedWindow && !offers.includes('server_no_context_takeover') ? 'shared' : 'alone';
}

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
  const { request, socket, head } = handshake;
  // `ws` takes it alone; a client may have offered others beside it.
  request.headers.upgrade = 'websocket';
  serverFor(maxBytes, agreementWith(handshake), subprotocol).handleUpgrade(request, socket, head, accepted);
}

function serverFor(maxPayload: number, agreement: Agreement, subprotocol: string): WebSocketServer {
  const key = `${maxPayload} ${agreement} ${subprotocol}`;
  let server = servers.get(key);
  if (!server) {
    // The types do not know `closeTimeout` yet (ws 8.19).
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      WebSocket: HeardWebSocket,
      clientTracking: false,
      perMessageDeflate: DEFLATE[agreement],
      closeTimeout: GOODBYE_MS,
      maxPayload,
      handleProtocols: (_, request) => answeredSubprotocol(request, subprotocol) ?? false,
    };
    server = new ServerClass(options);
    servers.set(key, server);
  }
  return server;
}
