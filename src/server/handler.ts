import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hub } from '../hub/hub.ts';
import { ChannelRoute } from './channel-route.ts';
import { Door } from './door.ts';
import { FetchCarrier } from './fetch/fetch-carrier.ts';
import { headOf } from './fetch/fetch-head.ts';
import { Handshakes, takesSockets } from './handshakes.ts';
import { HeldSockets } from './held-sockets.ts';
import { SocketCarrier } from './http1/socket-carrier.ts';
import { SoleResponse } from './http1/sole-response.ts';
import { NodeCarrier } from './node-carrier.ts';
import type { NodeState } from './node-drain.ts';
import type { ServerOptions } from './options.ts';
import { pathOf } from './request-url.ts';
import { Requests } from './requests.ts';
import { basePathOf, createRouter, isMonitoring } from './router.ts';
import { SessionOffers, type SessionRequest } from './session-offers.ts';

/** Answers HTTP requests and handshakes of sockets for a hub. Both return false for what is not the hub's. */
export interface Handler {
  /** Whether `request` would take a path. */
  owns(path: string, monitoring: boolean): boolean;
  /** @param monitoring whether health and metrics are the hub's */
  request(request: IncomingMessage, response: ServerResponse, path: string, monitoring: boolean): boolean;
  /** The same of a `Request`; undefined for what is not the hub's. @param address the client's, where it is known */
  fetch(request: Request, address: string | undefined, monitoring: boolean): Promise<Response> | undefined;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Answers a request for a session, also one that is not the hub's. */
  session(request: SessionRequest): void;
  /** The connections of the hub have been closed: what endpoints have open beside them is ended. */
  closeEndpoints(): Promise<void>;
  /** Resolves once what is being answered has its answer; a client or handler that takes long is not waited for. */
  settled(): Promise<void>;
  /** Resolves once every session of WebTransport has ended; a client that takes long is not waited for. */
  sessionsEnded(): Promise<void>;
  /** Ends what is left of sockets, one whose client has not said hello for example, once a goodbye had its time. */
  endSockets(): void;
}

export function createHandler(hub: Hub, options: ServerOptions, state: () => NodeState): Handler {
  const { basePath = '/' } = options;
  const door = new Door(hub, options, state);
  const channels = new ChannelRoute(hub, options);
  const { retryMs } = channels;
  const host = { hub, basePath: basePathOf(basePath), retryMs, state };
  const endpoints = (options.endpoints ?? []).map((endpoint) => endpoint.open(host));
  const route = createRouter(basePath, endpoints);
  const requests = new Requests(hub, door, channels, state);
  const sockets = new HeldSockets((address) => door.leave(address));
  const handshakes = new Handshakes(hub, door, channels, sockets);
  const sessions = new SessionOffers(hub, door, channels, route);
  const ownRoute = (path: string, monitoring: boolean) => {
    const found = route(path);
    return found && (monitoring || !isMonitoring(found)) ? found : undefined;
  };
  return {
    owns: (path, monitoring) => ownRoute(path, monitoring) !== undefined,
    request(request, response, path, monitoring) {
      const found = ownRoute(path, monitoring);
      if (!found) return false;
      const carrier =
        response instanceof SoleResponse
          ? new SocketCarrier(request, response, sockets)
          : new NodeCarrier(request, response);
      const take = () => void requests.take(found, carrier);
      // A pipelined request waits for its turn: until it has the socket, nobody tells it that the client went.
      if (response.socket) take();
      else response.once('socket', take);
      return true;
    },
    fetch(request, address, monitoring) {
      const url = new URL(request.url);
      const found = ownRoute(url.pathname, monitoring);
      if (!found) return undefined;
      const carrier = new FetchCarrier(request, headOf(request, url, address));
      void requests.take(found, carrier);
      return carrier.response;
    },
    upgrade(request, socket, head) {
      const found = route(pathOf(request));
      if (!takesSockets(found)) return false;
      handshakes.take(found, request, socket, head);
      return true;
    },
    session(request) {
      void sessions.take(request);
    },
    async closeEndpoints() {
      await Promise.all(endpoints.map((endpoint) => endpoint.close?.()));
    },
    settled: () => requests.settled(),
    sessionsEnded: () => sessions.settled(),
    endSockets: () => sockets.end(),
  };
}
