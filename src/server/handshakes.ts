import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hub } from '../hub/hub.ts';
import type { SocketTransport } from '../transports/transport.ts';
import { SOCKET_TRANSPORTS } from '../transports/transports.ts';
import type { ChannelRoute } from './channel-route.ts';
import type { Door } from './door.ts';
import type { OpenEndpoint } from './endpoint.ts';
import type { HeldSockets } from './held-sockets.ts';
import { refuseUpgrade } from './problem.ts';
import type { Route } from './router.ts';

/** What sockets are for. */
type SocketRoute =
  | Extract<Route, { kind: 'channel' | 'connect' }>
  | { readonly kind: 'endpoint'; readonly endpoint: Required<Pick<OpenEndpoint, 'accept'>> };

/** Whether a route takes sockets. */
export function takesSockets(route: Route | undefined): route is Route & SocketRoute {
  if (route?.kind === 'endpoint') return route.endpoint.accept !== undefined;
  return route?.kind === 'channel' || route?.kind === 'connect';
}

/** The transport that a handshake asks for. An offer may name several protocols (RFC 9110 section 7.8). */
export function offeredTransport({ headers }: Pick<IncomingMessage, 'headers'>): SocketTransport | undefined {
  const offers = (headers.upgrade ?? '').split(',').map((offer) => offer.trim().toLowerCase());
  return SOCKET_TRANSPORTS.find(({ protocol }) => offers.includes(protocol));
}

/** Takes the handshakes that are a hub's. */
export class Handshakes {
  readonly #hub: Hub;
  readonly #door: Door;
  readonly #channels: ChannelRoute;
  readonly #sockets: HeldSockets;

  constructor(hub: Hub, door: Door, channels: ChannelRoute, sockets: HeldSockets) {
    this.#hub = hub;
    this.#door = door;
    this.#channels = channels;
    this.#sockets = sockets;
  }

  take(found: SocketRoute, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until the transport has it nobody else listens, and a reset must not end the process.
    socket.on('error', destroySocket);
    this.#accept(found, request, socket, head).then(
      () => {
        if (!socket.destroyed) socket.off('error', destroySocket);
      },
      (error: unknown) => refuseUpgrade(socket, this.#hub.refuse(error)),
    );
  }

  async #accept(found: SocketRoute, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#door.greet(request);
    const address = this.#door.addressOf(request);
    this.#door.enter(address);
    this.#sockets.hold(socket, address);
    const caller = await this.#door.identify(request, address, found.kind !== 'channel');
    if (socket.destroyed) return;
    const handshake = { hub: this.#hub, request, socket, head, caller };
    if (found.kind === 'endpoint') return found.endpoint.accept(handshake);
    const transport = offeredTransport(request)!;
    if (found.kind === 'connect') return transport.serveSession(handshake);
    const { channels, start } = await this.#channels.asked(request, caller, found.segment);
    await transport.serveChannel(handshake, channels, start);
  }
}

function destroySocket(this: Duplex): void {
  this.destroy();
}
