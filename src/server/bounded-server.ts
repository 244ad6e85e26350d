import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { limitsOf } from '../hub/budget/limits.ts';
import type { HubOptions } from '../hub/options.ts';
import { clientAddress, networkOf } from './address.ts';
import { ConnectionCounter } from './connection-counter.ts';
import { descriptors } from './descriptors.ts';
import { cleartextServer } from './http2/cleartext-server.ts';
import { onceClosed } from './once-closed.ts';
import type { OwnServer, OwnServerOptions } from './own-server.ts';
import type { Certificate } from './tls/certificate.ts';
import { secureServer } from './tls/secure-server.ts';

/** Sockets of one address beyond its limit, as a share of it: who comes with a request on one of these is told why not. */
const TOLD_SHARE = 0.1;
const MIN_TOLD = 64;

/** As a subscriber's socket, unless the hub's options say otherwise. */
const STALL_MS = 300_000;

/** As large as an option of Node may be. */
const UNLIMITED = 2 ** 32 - 1;

/** Where a socket keeps the network that it counts for. */
const NETWORK = Symbol('network');
type Counted = Socket & { [NETWORK]: string };

export interface BoundedServerOptions {
  readonly listener?: RequestListener | undefined;
  /** How long an idle connection of HTTP/1.1 is kept. Default: as Node does. */
  readonly keepAliveMs?: number;
  /** Serves HTTPS. */
  readonly certificate?: Certificate | undefined;
}

/**
 * A server that closes what comes once there are so many sockets that files could not be opened any more, or
 * more of one address than may have requests open: also those that send none.
 */
export function boundedServer(
  { limits: given, trustProxy, stallMs = STALL_MS }: Pick<HubOptions, 'limits' | 'trustProxy' | 'stallMs'>,
  { listener, keepAliveMs, certificate }: BoundedServerOptions = {},
): OwnServer {
  const asGiven = limitsOf(given);
  // A proxy's sockets are those of all its clients, and so are the streams that end on one of them.
  const limits = trustProxy ? { ...asGiven, resetsPerConnection: UNLIMITED } : asGiven;
  const admit = trustProxy ? () => true : socketCounter(limits.connectionsPerAddress);
  const options: OwnServerOptions = { listener, limits, keepAliveMs, stallMs, admit };
  const own = certificate ? certified(certificate, options) : cleartextServer(options);
  const maxSockets = descriptors()?.sockets;
  if (maxSockets !== undefined) own.server.maxConnections = maxSockets;
  return own;
}

function certified(certificate: Certificate, options: OwnServerOptions): OwnServer {
  const secure = secureServer(certificate.pair, options);
  const unfollow = certificate.follow((pair) => secure.use(pair));
  secure.server.on('close', unfollow);
  return secure;
}

/** Says of each socket whether its address may have one more, and closes it otherwise. */
function socketCounter(perAddress: number): (socket: Socket) => boolean {
  const sockets = new ConnectionCounter(perAddress + Math.max(MIN_TOLD, Math.ceil(perAddress * TOLD_SHARE)));

  // Shared by all: a closure for each would be kept as long as it is open.
  function ended(socket: object): void {
    sockets.close((socket as Counted)[NETWORK]);
  }

  return (socket) => {
    const network = networkOf(clientAddress({ headers: {}, socket }, false));
    if (!sockets.open(network)) {
      socket.destroy();
      return false;
    }
    (socket as Counted)[NETWORK] = network;
    onceClosed(socket, ended);
    return true;
  };
}
