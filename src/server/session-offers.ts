import type { Hub } from '../hub/hub.ts';
import { FanwireError } from '../protocol/errors.ts';
import { PROBLEMS } from '../protocol/problems.ts';
import type { WebTransportSession } from '../transports/session-offer.ts';
import { webtransport } from '../transports/webtransport/transport.ts';
import { isLoopback } from './address.ts';
import type { ChannelRoute } from './channel-route.ts';
import { CountedSession } from './counted-session.ts';
import type { Door } from './door.ts';
import { Pending } from './pending.ts';
import type { RequestHead } from './request-head.ts';
import { pathOf } from './request-url.ts';
import type { Route } from './router.ts';

/** A request for a session as the engine brings it. */
export interface SessionRequest {
  /** With the query. */
  readonly path: string;
  readonly authority: string;
  /** The client's, proven by the handshake. */
  readonly address: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  accept(): WebTransportSession;
  /** Answers with this status, which no browser shows to a page. */
  reject(status: number): void;
}

/** Takes the sessions of WebTransport that are a hub's. */
export class SessionOffers {
  readonly #hub: Hub;
  readonly #door: Door;
  readonly #channels: ChannelRoute;
  readonly #route: (path: string) => Route | undefined;
  readonly #pending = new Pending();

  constructor(hub: Hub, door: Door, channels: ChannelRoute, route: (path: string) => Route | undefined) {
    this.#hub = hub;
    this.#door = door;
    this.#channels = channels;
    this.#route = route;
  }

  /** Answers a request for a session, whatever comes of it. */
  async take(offered: SessionRequest): Promise<void> {
    try {
      await this.#accept(offered);
    } catch (error) {
      offered.reject(PROBLEMS[this.#hub.refuse(error).code].status);
    }
  }

  /** Resolves once every session has ended; a client that takes long is not waited for. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  async #accept(offered: SessionRequest): Promise<void> {
    const request = requestOf(offered);
    const found = this.#route(pathOf(request));
    if (found?.kind !== 'channel' && found?.kind !== 'connect') {
      throw new FanwireError('not_found', `nothing is at ${pathOf(request)}`);
    }
    this.#door.greet(request);
    const address = this.#door.addressOf(request);
    this.#door.enter(address);
    let accepted = false;
    const accept = () => {
      accepted = true;
      this.#pending.begin();
      return new CountedSession(offered.accept(), () => this.#left(address));
    };
    try {
      const caller = await this.#door.identify(request, address, found.kind === 'connect');
      const offer = { hub: this.#hub, caller, accept };
      if (found.kind === 'connect') webtransport.serveSession(offer);
      else {
        const { channels, start, query } = await this.#channels.asked(request, caller, found.segment);
        await webtransport.serveChannel(offer, channels, start, query);
      }
    } catch (error) {
      if (!accepted) this.#door.leave(address);
      throw error;
    }
  }

  #left(address: string): void {
    this.#door.leave(address);
    this.#pending.end();
  }
}

/** The same as a request of HTTP, for who judges those. */
function requestOf({ path, authority, address, headers: sent }: SessionRequest): RequestHead {
  // No proxy passes sessions on: these would be the client's own word, which `trustProxy` does not mean.
  const {
    'x-forwarded-for': _for,
    'x-forwarded-host': _host,
    'x-forwarded-proto': _proto,
    ...headers
  } = sent;
  const socket = {
    remoteAddress: address,
    // Who comes from loopback has come to loopback; of others it makes no difference.
    localAddress: isLoopback(address) ? address : undefined,
    encrypted: true,
  };
  return { method: 'CONNECT', url: path, headers: { ...headers, ':authority': authority }, socket };
}
