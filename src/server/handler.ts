import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hub } from '../hub/hub.ts';
import type { HubOptions } from '../hub/options.ts';
import { ChannelRoute } from './channel-route.ts';
import { Door } from './door.ts';
import { Handshakes } from './handshakes.ts';
import type { NodeState } from './node-drain.ts';
import { pathOf } from './request-url.ts';
import { Requests } from './requests.ts';
import { createRouter, isMonitoring } from './router.ts';
import { SessionOffers, type SessionRequest } from './session-offers.ts';

/** Answers HTTP requests and handshakes of sockets for a hub. Both return false for what is not the hub's. */
export interface Handler {
  /** @param monitoring whether health and metrics are the hub's */
  request(request: IncomingMessage, response: ServerResponse, path: string, monitoring: boolean): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Answers a request for a session, also one that is not the hub's. */
  session(request: SessionRequest): void;
  /** Resolves once what is being answered has its answer; a client or handler that takes long is not waited for. */
  settled(): Promise<void>;
  /** Resolves once every session of WebTransport has ended; a client that takes long is not waited for. */
  sessionsEnded(): Promise<void>;
  /** Ends what is left of sockets, one whose client has not said hello for example, once a goodbye had its time. */
  endSockets(): void;
}

export function createHandler(hub: Hub, options: HubOptions, state: () => NodeState): Handler {
  const route = createRouter(options.basePath ?? '/');
  const door = new Door(hub, options, state);
  const channels = new ChannelRoute(hub, options);
  const requests = new Requests(hub, door, channels, state);
  const handshakes = new Handshakes(hub, door, channels);
  const sessions = new SessionOffers(hub, door, channels, route);
  return {
    request(request, response, path, monitoring) {
      const found = route(path);
      if (!found || (isMonitoring(found) && !monitoring)) return false;
      requests.take(found, request, response);
      return true;
    },
    upgrade(request, socket, head) {
      const found = route(pathOf(request));
      if (found?.kind !== 'channel' && found?.kind !== 'connect') return false;
      handshakes.take(found, request, socket, head);
      return true;
    },
    session(request) {
      void sessions.take(request);
    },
    settled: () => requests.settled(),
    sessionsEnded: () => sessions.settled(),
    endSockets: () => handshakes.end(),
  };
}
