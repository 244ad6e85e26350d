import type { Hub } from '../hub/hub.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Caller } from '../transports/caller.ts';
import { SOCKET_TRANSPORTS } from '../transports/transports.ts';
import { releaseBody } from './body.ts';
import type { Carrier } from './carrier.ts';
import type { ChannelRoute } from './channel-route.ts';
import { serveConnect } from './connect.ts';
import type { Door } from './door.ts';
import { serveEcho } from './echo.ts';
import { exposing, preflightHeaders } from './endpoint-cors.ts';
import { serveHealth } from './health.ts';
import { serveMetrics } from './metrics.ts';
import type { NodeState } from './node-drain.ts';
import type { Headers } from './origin.ts';
import { Pending } from './pending.ts';
import { servePresence } from './presence-route.ts';
import { refuseRequest } from './refusal.ts';
import type { RequestHead } from './request-head.ts';
import { pathOf } from './request-url.ts';
import { isRead, methodsOf, type Route } from './router.ts';
import { serveScript } from './script.ts';
import { ServerExchange, ServerReply } from './server-exchange.ts';
import { varied } from './variants.ts';

/** What takes a caller. */
type ServedRoute = Exclude<Route, { kind: 'health' | 'script' }>;

/** What a plain request on the SDK's endpoint could have asked for instead. */
const UPGRADES = SOCKET_TRANSPORTS.map(({ protocol }) => protocol).join(', ');

/** Answers the requests that are a hub's. */
export class Requests {
  readonly #hub: Hub;
  readonly #door: Door;
  readonly #channels: ChannelRoute;
  readonly #state: () => NodeState;
  readonly #pending = new Pending();
  /** Shared by all: a closure for each request would be kept as long as it is open. */
  readonly #leave: (address: string) => void;

  constructor(hub: Hub, door: Door, channels: ChannelRoute, state: () => NodeState) {
    this.#hub = hub;
    this.#door = door;
    this.#channels = channels;
    this.#state = state;
    this.#leave = (address) => door.leave(address);
  }

  /** Answers a request, whatever comes of it. */
  async take(found: Route, carrier: Carrier): Promise<void> {
    this.#pending.begin();
    let headers: Headers = {};
    try {
      headers = this.#door.greet(carrier.request);
      if (found.kind === 'channel' && isRead(carrier.request)) headers = varied(headers);
      else if (found.kind === 'endpoint') headers = exposing(headers, found.endpoint);
      await this.#serve(found, carrier, headers);
    } catch (error) {
      // Nobody is left to be told.
      if (!carrier.brokenOff) this.#refuse(found, carrier, headers, error);
    } finally {
      releaseBody(carrier);
      this.#pending.end();
    }
  }

  /** Resolves once what is being answered has its answer; a client or handler that takes long is not waited for. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  #refuse(found: Route, carrier: Carrier, headers: Headers, error: unknown): void {
    const refusal = this.#hub.refuse(error);
    // An idle connection more is what there is no room for.
    const closing =
      refusal.code === 'too_many_connections' ? carrier.connectionHeaders({ Connection: 'close' }) : {};
    const reply = new ServerReply(carrier, { ...headers, ...closing });
    if (found.kind === 'endpoint' && found.endpoint.refuse && !reply.begun) {
      found.endpoint.refuse(reply, refusal);
      return;
    }
    const isChannelRead = found.kind === 'channel' && isRead(reply.request);
    refuseRequest(reply, refusal, isChannelRead ? this.#channels.retryMs : undefined);
  }

  // Not async where nothing is waited for, here and in what it calls: a promise more is felt in a poll.
  #serve(found: Route, carrier: Carrier, headers: Headers): Promise<void> | void {
    const { request } = carrier;
    const methods = methodsOf(found);
    if (found.kind === 'connect' && isRead(request)) {
      // RFC 9110 section 15.5.22: the answer says what to upgrade to.
      const upgrade = carrier.connectionHeaders({ Upgrade: UPGRADES, Connection: 'Upgrade' });
      const error = new FanwireError(
        'upgrade_required',
        `GET /connect takes Upgrade: ${UPGRADES}, which has not come here`,
      );
      return this.#refuse(found, carrier, { ...headers, ...upgrade }, error);
    }
    if (!methods.includes(request.method!)) {
      const error = new FanwireError(
        'method_not_allowed',
        `${request.method} is not among ${methods.join(', ')}`,
      );
      return this.#refuse(found, carrier, { ...headers, Allow: methods.join(', ') }, error);
    }
    if (request.method === 'OPTIONS') {
      const endpoint = found.kind === 'endpoint' ? found.endpoint : undefined;
      return carrier.send(204, { Allow: methods.join(', '), ...preflightHeaders(endpoint), ...headers });
    }
    if (found.kind === 'health') {
      return serveHealth(this.#hub, new ServerReply(carrier, headers), this.#state() !== 'serving');
    }
    if (found.kind === 'script') return serveScript(new ServerReply(carrier, headers), found.file);
    const address = this.#door.addressOf(request);
    this.#door.enter(address);
    carrier.countFor(address, this.#leave);
    const identified = this.#door.identify(request, address, takesStrangers(found, request));
    if (identified instanceof Promise) {
      return identified.then((caller) => this.#serveCaller(found, this.#exchange(caller, carrier, headers)));
    }
    return this.#serveCaller(found, this.#exchange(identified, carrier, headers));
  }

  #exchange(caller: Caller, carrier: Carrier, headers: Headers): ServerExchange {
    return new ServerExchange(this.#hub, caller, carrier, headers);
  }

  #serveCaller(found: ServedRoute, exchange: ServerExchange): Promise<void> | void {
    if (exchange.abandoned) return;
    switch (found.kind) {
      case 'channel':
        return this.#channels.serve(exchange, found.segment);
      case 'connect':
        return serveConnect(exchange);
      case 'echo':
        return serveEcho(exchange);
      case 'presence':
        return servePresence(exchange, this.#channels.namesIn(found.segment));
      case 'metrics':
        return serveMetrics(exchange, this.#door.load);
      case 'endpoint':
        return found.endpoint.answer(exchange);
    }
  }
}

/** Whether a route is also for those who show no token before they are heard. */
function takesStrangers(found: ServedRoute, request: RequestHead): boolean {
  if (found.kind === 'endpoint') return found.endpoint.takesStrangers?.(pathOf(request)) ?? false;
  return found.kind === 'connect' || found.kind === 'echo';
}
