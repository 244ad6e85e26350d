import type { IncomingMessage } from 'node:http';

type Request = Pick<IncomingMessage, 'headers'>;

/** The subprotocol that the hub speaks: offered beside one that carries a token, it is the one answered. */
export const SUBPROTOCOL = 'fanwire.1';

/**
 * The subprotocol to answer a handshake with. Never the one that carries the token, which
 * an answer would repeat into logs; browsers close a connection of which no offered subprotocol is taken.
 */
export function answeredSubprotocol(request: Request, spoken = SUBPROTOCOL): string | undefined {
  return offeredSubprotocols(request).find((protocol) => protocol === spoken);
}

export function offeredSubprotocols(request: Request): string[] {
  const header = request.headers['sec-websocket-protocol'];
  return header === undefined ? [] : header.split(',').map((protocol) => protocol.trim());
}
