import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Hub } from '../hub/hub.ts';
import type { HubOptions } from '../hub/options.ts';
import { membersPage } from '../hub/presence/members-page.ts';
import { FanwireError } from '../protocol/errors.ts';
import { FROM_NOW } from '../protocol/start.ts';
import {
  type Caller,
  type ChannelRead,
  type Exchange,
  type Handshake,
  isAbandoned,
} from '../transports/exchange.ts';
import { serveLines } from '../transports/http-streaming/channel.ts';
import { serveLongPoll } from '../transports/long-polling/channel.ts';
import { servePoll } from '../transports/polling/channel.ts';
import { serveEvents } from '../transports/sse/channel.ts';
import { CLOSE_MS } from '../transports/websocket/accept.ts';
import { serveChannelSocket } from '../transports/websocket/channel.ts';
import { serveSocketSession } from '../transports/websocket/session.ts';
import { releaseBody } from './body.ts';
import { channelsOf, limitOf, membersPageOf, startOf } from './channel-url.ts';
import { serveConnect } from './connect.ts';
import { setConnectionHeaders } from './connection-headers.ts';
import { Door } from './door.ts';
import { serveHealth } from './health.ts';
import { memo } from './memo.ts';
import { serveMetrics } from './metrics.ts';
import { negotiate, waitOf } from './negotiation.ts';
import { type Headers, PREFLIGHT_HEADERS } from './origin.ts';
import { refuseUpgrade } from './problem.ts';
import { servePublish } from './publish.ts';
import { refuseRequest } from './refusal.ts';
import { pathOf, queryOf } from './request-url.ts';
import { createRouter, isMonitoring, methodsOf, type Route } from './router.ts';
import { serveScript } from './script.ts';
import { varied } from './variants.ts';

/** Where a response keeps the address that it counts for. */
const ADDRESS = Symbol('address');
type Counted = ServerResponse & { [ADDRESS]: string };

/** Answers HTTP requests and WebSocket handshakes for a hub. Both return false for what is not the hub's. */
export interface Handler {
  /** @param monitoring whether health and metrics are the hub's */
  request(request: IncomingMessage, response: ServerResponse, path: string, monitoring: boolean): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Resolves once what is being answered has its answer; a client or handler that takes long is not waited for. */
  settled(): Promise<void>;
  /** Ends what is left of WebSockets, one whose client has not said hello for example, once a goodbye had its time. */
  endSockets(): void;
}

/** A node that drains serves whoever comes all the same; one that closes refuses. */
export type NodeState = 'serving' | 'draining' | 'closing';

/** What takes a caller. */
type ServedRoute = Exclude<Route, { kind: 'health' | 'script' }>;
type SocketRoute = Extract<Route, { kind: 'channel' | 'connect' }>;

export function createHandler(hub: Hub, options: HubOptions, state: () => NodeState): Handler {
  const route = createRouter(options.basePath ?? '/');
  const door = new Door(hub, options);
  const { pollCacheSeconds = 0, retryMs = 2000 } = options;
  const channelsIn = memo((segment) => channelsOf(segment, hub.limits));
  /** With the addresses that they count for. */
  const sockets = new Map<Duplex, string>();
  let answering = 0;
  /** Who is told once nothing is being answered. */
  const awaited: (() => void)[] = [];

  // Shared by all: a closure for each would be kept as long as it is open.
  function socketEnded(this: Duplex): void {
    door.leave(sockets.get(this)!);
    sockets.delete(this);
  }

  function responseEnded(this: ServerResponse): void {
    door.leave((this as Counted)[ADDRESS]);
  }

  return {
    request(request, response, path, monitoring) {
      const found = route(path);
      if (!found || (isMonitoring(found) && !monitoring)) return false;
      // A pipelined request waits for its turn: until it has the socket, nobody tells it that the client went.
      if (response.socket) void answer(found, request, response);
      else response.once('socket', () => void answer(found, request, response));
      return true;
    },
    upgrade(request, socket, head) {
      const found = route(pathOf(request));
      if (found?.kind !== 'channel' && found?.kind !== 'connect') return false;
      // Until `ws` has it nobody else listens, and a reset must not end the process.
      socket.on('error', destroySocket);
      accept(found, request, socket, head).then(
        () => {
          if (!socket.destroyed) socket.off('error', destroySocket);
        },
        (error: unknown) => refuseUpgrade(socket, hub.refuse(error)),
      );
      return true;
    },
    async settled() {
      if (answering === 0) return;
      const answered = new Promise<void>((resolve) => awaited.push(resolve));
      await Promise.race([answered, delay(CLOSE_MS, undefined, { ref: false })]);
    },
    endSockets() {
      const end = () => {
        for (const socket of sockets.keys()) socket.destroy();
      };
      if (sockets.size > 0) setTimeout(end, CLOSE_MS);
    },
  };

  async function answer(found: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    answering += 1;
    let headers: Headers = {};
    try {
      headers = door.greet(request);
      if (found.kind === 'channel' && isRead(request)) headers = varied(headers);
      await serve(found, request, response, headers);
    } catch (error) {
      // The client went away in the middle of its request: nobody is left to be told.
      if (request.destroyed && !request.complete) return;
      const isChannelRead = found.kind === 'channel' && isRead(request);
      refuseRequest({ request, response, headers }, hub.refuse(error), isChannelRead ? retryMs : undefined);
    } finally {
      releaseBody(request);
      answering -= 1;
      if (answering === 0) for (const resolve of awaited.splice(0)) resolve();
    }
  }

  // Not async where nothing is waited for, here and in what it calls: a promise more is felt in a poll.
  function serve(
    found: Route,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Headers,
  ): Promise<void> | void {
    const methods = methodsOf(found);
    if (found.kind === 'connect' && isRead(request)) {
      // RFC 9110 section 15.5.22: the answer says what to upgrade to.
      setConnectionHeaders(response, { Upgrade: 'websocket', Connection: 'Upgrade' });
      throw new FanwireError(
        'upgrade_required',
        'GET /connect takes Upgrade: websocket, which has not come here',
      );
    }
    if (!methods.includes(request.method!)) {
      response.setHeader('Allow', methods.join(', '));
      throw new FanwireError('method_not_allowed', `${request.method} is not among ${methods.join(', ')}`);
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { Allow: methods.join(', '), ...PREFLIGHT_HEADERS, ...headers }).end();
      return;
    }
    if (found.kind === 'health') return serveHealth(hub, response, state() !== 'serving', headers);
    if (found.kind === 'script') return serveScript(request, response, found.file, headers);
    refuseWhileClosing();
    const address = door.addressOf(request);
    door.enter(address);
    (response as Counted)[ADDRESS] = address;
    response.on('close', responseEnded);
    const identified = door.identify(request, address, found.kind === 'connect');
    if (identified instanceof Promise) return serveOnce(identified, found, request, response, headers);
    return serveCaller(found, { hub, request, response, headers, caller: identified });
  }

  async function serveOnce(
    identified: Promise<Caller>,
    found: ServedRoute,
    request: IncomingMessage,
    response: ServerResponse,
    headers: Headers,
  ): Promise<void> {
    return serveCaller(found, { hub, request, response, headers, caller: await identified });
  }

  function serveCaller(found: ServedRoute, exchange: Exchange): Promise<void> | void {
    if (isAbandoned(exchange.response)) return;
    switch (found.kind) {
      case 'channel':
        return serveChannel(exchange, found.segment);
      case 'connect':
        return serveConnect(exchange);
      case 'presence':
        return servePresence(exchange, found.segment);
      case 'metrics':
        serveMetrics(exchange, door.load);
    }
  }

  function serveChannel(exchange: Exchange, segment: string): Promise<void> {
    const { request } = exchange;
    const query = queryOf(request);
    const channels = channelsIn(segment);
    if (request.method === 'POST') {
      if (channels.length > 1) throw new FanwireError('invalid_channel', 'publish to one channel at a time');
      return servePublish(exchange, channels[0]!, query);
    }
    const mediaType = negotiate(request);
    hub.assertMayRead(exchange.caller.access, channels);
    const read: ChannelRead = {
      channels,
      start: startOf(query, mediaType === 'text/event-stream' ? lastEventIdOf(request) : undefined),
      limit: limitOf(query, hub.limits),
      waitSeconds: waitOf(request, query, hub.limits.waitSeconds),
      cacheControl: cacheControlOf(channels),
      retryMs,
    };
    switch (mediaType) {
      case 'text/event-stream':
        return serveEvents(exchange, read);
      case 'application/x-ndjson':
        return serveLines(exchange, read);
      case 'application/json':
        return read.waitSeconds > 0 ? serveLongPoll(exchange, read) : servePoll(exchange, read);
    }
  }

  async function servePresence(exchange: Exchange, segment: string): Promise<void> {
    const { caller, request, response, headers } = exchange;
    const [channel, ...others] = channelsIn(segment);
    if (others.length > 0)
      throw new FanwireError('invalid_channel', 'presence is asked of one channel at a time');
    hub.assertMayRead(caller.access, [channel!]);
    const { after, limit } = membersPageOf(queryOf(request));
    const answer = await membersPage(hub, channel!, limit, after);
    response.writeHead(200, {
      ...headers,
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
    });
    response.end(JSON.stringify(answer));
  }

  async function accept(
    found: SocketRoute,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    door.greet(request);
    refuseWhileClosing();
    const address = door.addressOf(request);
    door.enter(address);
    sockets.set(socket, address);
    socket.on('close', socketEnded);
    const caller = await door.identify(request, address, found.kind === 'connect');
    const handshake: Handshake = { hub, request, socket, head, caller };
    if (socket.destroyed) return;
    if (found.kind === 'connect') return serveSocketSession(handshake);
    const query = queryOf(request);
    const channels = channelsIn(found.segment);
    hub.assertMayRead(handshake.caller.access, channels);
    return serveChannelSocket(handshake, channels, startOf(query) ?? FROM_NOW);
  }

  function refuseWhileClosing(): void {
    if (state() !== 'closing') return;
    throw new FanwireError('draining', 'this node is going away: try again', { retryAfter: 1 });
  }

  /** A shared cache may keep what anyone may read; whether it may answer by itself is the operator's word. */
  function cacheControlOf(channels: readonly string[]): string {
    const shared = hub.open || channels.every((channel) => hub.rule(channel).read === 'anyone');
    if (!shared) return 'private, no-cache';
    if (pollCacheSeconds === 0) return 'public, no-cache';
    // RFC 5861 section 3: without it Varnish goes on with an answer that has run out, for ten seconds.
    return `public, max-age=0, s-maxage=${pollCacheSeconds}, stale-while-revalidate=0`;
  }
}

function destroySocket(this: Duplex): void {
  this.destroy();
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function lastEventIdOf(request: IncomingMessage): string | undefined {
  const header = request.headers['last-event-id'];
  return header === undefined ? undefined : String(header);
}
