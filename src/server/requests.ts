import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../hub/hub.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Caller } from '../transports/caller.ts';
import { SOCKET_TRANSPORTS } from '../transports/transports.ts';
import { releaseBody } from './body.ts';
import type { ChannelRoute } from './channel-route.ts';
import { serveConnect } from './connect.ts';
import { setConnectionHeaders } from './connection-headers.ts';
import type { Door } from './door.ts';
import { exposing, preflightHeaders } from './endpoint-cors.ts';
import { serveHealth } from './health.ts';
import { serveMetrics } from './metrics.ts';
import type { NodeState } from './node-drain.ts';
import { NodeExchange, NodeReply } from './node-exchange.ts';
import type { Headers } from './origin.ts';
import { Pending } from './pending.ts';
import { servePresence } from './presence-route.ts';
import { refuseRequest } from './refusal.ts';
import { isRead, methodsOf, type Route } from './router.ts';
import { serveScript } from './script.ts';
import { varied } from './variants.ts';

/** Where a response keeps the address that it counts for. */
const ADDRESS = Symbol('address');
type Counted = ServerResponse & { [ADDRESS]: string };

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
  /** Shared by all: a closure for each response would be kept as long as it is open. */
  readonly #onClose: (this: ServerResponse) => void;

  constructor(hub: Hub, door: Door, channels: ChannelRoute, state: () => NodeState) {
    this.#hub = hub;
    this.#door = door;
    this.#channels = channels;
    this.#state = state;
    this.#onClose = function () {
      door.leave((this as Counted)[ADDRESS]);
    };
  }

  take(found: Route, request: IncomingMessage, response: ServerResponse): void {
    // A pipelined request waits for its turn: until it has the socket, nobody tells it that the client went.
    if (response.socket) void this.#answer(found, request, response);
    else response.once('socket', () => void this.#answer(found, request, response));
  }

  /** Resolves once what is being answered has its answer; a client or handler that takes long is not waited for. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  async #answer(found: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#pending.begin();
    let headers: Headers = {};
    try {
      headers = this.#door.greet(request);
      if (found.kind === 'channel' && isRead(request)) headers = varied(headers);
      else if (found.kind === 'endpoint') headers = exposing(headers, found.endpoint);
      await this.#serve(found, request, response, headers);
    } catch (error) {
      // The client went away in the middle of its request: nobody is left to be told.
      if (request.destroyed && !request.complete) return;
      const reply = new NodeReply(request, response, headers);
      this.#refuse(found, reply, this.#hub.refuse(error));
    } finally {
      releaseBody(request);
      this.#pending.end();
    }
  }

  #refuse(found: Route, reply: NodeReply, error: FanwireError): void {
    if (found.kind === 'endpoint' && found.endpoint.refuse && !reply.response.headersSent) {
      found.endpoint.refuse(reply, error);
      return;
    }
    const isChannelRead = found.kind === 'channel' && isRead(reply.request);
    refuseRequest(reply, error, isChannelRead ? this.#channels.retryMs : undefined);
  }

  // Not async where nothing is waited for, here and in what it calls: a promise more is felt in a poll.
  #serve(
    found: Route,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Headers,
  ): Promise<void> | void {
    const methods = methodsOf(found);
    if (found.kind === 'connect' && isRead(request)) {
      // RFC 9110 section 15.5.22: the answer says what to upgrade to.
      setConnectionHeaders(response, { Upgrade: UPGRADES, Connection: 'Upgrade' });
      throw new FanwireError(
        'upgrade_required',
        `GET /connect takes Upgrade: ${UPGRADES}, which has not come here`,
      );
    }
    if (!methods.includes(request.method!)) {
      response.setHeader('Allow', methods.join(', '));
      throw new FanwireError('method_not_allowed', `${request.method} is not among ${methods.join(', ')}`);
    }
    if (request.method === 'OPTIONS') {
      const endpoint = found.kind === 'endpoint' ? found.endpoint : undefined;
      response.writeHead(204, { Allow: methods.join(', '), ...preflightHeaders(endpoint), ...headers }).end();
      return;
    }
    if (found.kind === 'health')
      return serveHealth(this.#hub, response, this.#state() !== 'serving', headers);
    if (found.kind === 'script') return serveScript(request, response, found.file, headers);
    const address = this.#door.addressOf(request);
    this.#door.enter(address);
    (response as Counted)[ADDRESS] = address;
    response.on('close', this.#onClose);
    const identified = this.#door.identify(request, address, found.kind === 'connect');
    if (identified instanceof Promise) {
      return this.#serveOnce(identified, found, request, response, headers);
    }
    return this.#serveCaller(found, new NodeExchange(this.#hub, identified, request, response, headers));
  }

  async #serveOnce(
    identified: Promise<Caller>,
    found: ServedRoute,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Headers,
  ): Promise<void> {
    return this.#serveCaller(
      found,
      new NodeExchange(this.#hub, await identified, request, response, headers),
    );
  }

  #serveCaller(found: ServedRoute, exchange: NodeExchange): Promise<void> | void {
    if (exchange.abandoned) return;
    switch (found.kind) {
      case 'channel':
        return this.#channels.serve(exchange, found.segment);
      case 'connect':
        return serveConnect(exchange);
      case 'presence':
        return servePresence(exchange, this.#channels.namesIn(found.segment));
      case 'metrics':
        serveMetrics(exchange, this.#door.load);
        return;
      case 'endpoint':
        return found.endpoint.answer(exchange);
    }
  }
}
