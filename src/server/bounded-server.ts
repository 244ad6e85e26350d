import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { HubOptions } from '../hub/options.ts';
import { DEFAULT_LIMITS } from '../protocol/limits.ts';
import { clientAddress, networkOf } from './address.ts';
import { ConnectionCounter } from './connection-counter.ts';
import { descriptors } from './descriptors.ts';

/** Sockets of one address beyond its limit, as a share of it: who comes with a request on one of these is told why not. */
const TOLD_SHARE = 0.1;
const TOLD_LEAST = 64;

/** Where a socket keeps the network that it counts for. */
const NETWORK = Symbol('network');
type Counted = Socket & { [NETWORK]: string };

/**
 * A server that closes what comes once there are so many sockets that files could not be opened any more, or
 * more of one address than may have requests open: also those that send none.
 */
export function boundedServer(
  { limits, trustProxy }: Pick<HubOptions, 'limits' | 'trustProxy'>,
  listener?: RequestListener,
  options: ServerOptions = {},
): Server {
  const server = createServer(options, listener);
  const most = descriptors()?.sockets;
  if (most !== undefined) server.maxConnections = most;
  // A proxy's sockets are those of all its clients.
  if (!trustProxy) {
    countSockets(server, limits?.connectionsPerAddress ?? DEFAULT_LIMITS.connectionsPerAddress);
  }
  return server;
}

function countSockets(server: Server, perAddress: number): void {
  const sockets = new ConnectionCounter(
    perAddress + Math.max(TOLD_LEAST, Math.ceil(perAddress * TOLD_SHARE)),
  );

  // Shared by all: a closure for each would be kept as long as it is open.
  function ended(this: Socket): void {
    sockets.close((this as Counted)[NETWORK]);
  }

  server.on('connection', (socket) => {
    const network = networkOf(clientAddress({ headers: {}, socket }, false));
    if (!sockets.open(network)) {
      socket.destroy();
      return;
    }
    (socket as Counted)[NETWORK] = network;
    socket.on('close', ended);
  });
}
