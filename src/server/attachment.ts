import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { FanwireError } from '../protocol/errors.ts';
import type { Handler } from './handler.ts';
import { offeredTransport } from './handshakes.ts';
import { SoleResponse } from './http1/sole-response.ts';
import { asksForStream, hasLeft } from './http1/stream-request.ts';
import { endWithClient, exchangeOf, type StreamEvent } from './http2/exchange-of.ts';
import { answerAsSocket, answerAsStream, asksForSocket, handshakeRequest } from './http2/extended-connect.ts';
import { answerWithoutUpgrade } from './plain-upgrade.ts';
import { refuseUpgrade, sendProblem } from './problem.ts';
import { pathOf } from './request-url.ts';

/** What hubs can be attached to. */
export type AttachableServer = Server | HttpsServer | Http2Server | Http2SecureServer;

/** What is asked, of one hub after the other, whether a request is theirs. */
export type Attached = Pick<Handler, 'upgrade'> & {
  request(request: IncomingMessage, response: ServerResponse): boolean;
  /** Whether `request` would take it. */
  owns(path: string): boolean;
};

type RequestEvent = [request: IncomingMessage, response: ServerResponse];
type UpgradeEvent = [request: IncomingMessage, socket: Duplex, head: Buffer];

/** A server whose requests and upgrades hubs hear of first. */
interface Interception {
  /** The one that came last stands before the others. */
  readonly hubs: Attached[];
  end(): void;
}

const interceptions = new WeakMap<AttachableServer, Interception>();

/**
 * Gives a hub its requests and upgrades before anyone else on the server hears of them, whoever came first: another
 * WebSocket library would refuse or take an upgrade that it sees. Returns a function that takes it away again.
 */
export function attachHandler(server: AttachableServer, hub: Attached): () => void {
  // What is asked of a server here is the same for all.
  const interception = interceptions.get(server) ?? intercept(server as Server);
  const { hubs } = interception;
  hubs.unshift(hub);
  return () => {
    hubs.splice(hubs.indexOf(hub), 1);
    if (hubs.length === 0) interception.end();
  };
}

/** At `emit`, not as a listener: others may listen later, or put all listeners of before behind themselves. */
function intercept(
  server: Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean },
): Interception {
  const { emit, shouldUpgradeCallback } = server;
  const wasOwn = Object.hasOwn(server, 'emit');
  const hubs: Attached[] = [];

  function emitToHubs(this: Server, event: string, ...args: unknown[]): boolean {
    if (hubs.length > 0 && event === 'request' && taken(args as RequestEvent)) return true;
    if (hubs.length > 0 && event === 'upgrade' && upgraded(args as UpgradeEvent)) return true;
    if (hubs.length > 0 && event === 'stream' && streamed(args as StreamEvent)) return true;
    return Reflect.apply(emit, this, [event, ...args]);
  }

  function taken([request, response]: RequestEvent): boolean {
    for (const hub of hubs) if (hub.request(request, response)) return true;
    if (isHeardByOthers(server, 'request')) return false;
    sendProblem(response, notFound(request));
    return true;
  }

  function upgraded([request, socket, head]: UpgradeEvent): boolean {
    if (hasLeft(request)) return server.emit('request', request, new SoleResponse(request));
    const wanted = offeredTransport(request);
    if (wanted) for (const hub of hubs) if (hub.upgrade(request, socket, head)) return true;
    if (isHeardByOthers(server, 'upgrade')) return false;
    if (wanted) refuseUpgrade(socket, notFound(request));
    else answerWithoutUpgrade(server, request, socket, head);
    return true;
  }

  /** Before Node makes a request of a stream: a program that listens for streams itself is not to see the hub's. */
  function streamed(event: StreamEvent): boolean {
    const [stream, headers] = event;
    if (asksForSocket(headers)) {
      // It may have been reset already.
      if (stream.destroyed) return true;
      const request = handshakeRequest(stream, headers);
      endWithClient(stream);
      answerAsSocket(stream);
      for (const hub of hubs) if (hub.upgrade(request, stream, NOTHING)) return true;
      if (isHeardByOthers(server, 'stream')) return !answerAsStream(stream);
      refuseUpgrade(stream, notFound(request));
      return true;
    }
    const path = pathOf({ url: headers[':path'] });
    const isOwn = hubs.some((hub) => hub.owns(path));
    if (!isOwn && isHeardByOthers(server, 'stream')) return false;
    const { request, response } = exchangeOf(event);
    return server.emit('request', request, response);
  }

  function end(): void {
    interceptions.delete(server);
    server.off('request', listening).off('upgrade', listening);
    if (shouldUpgradeCallback) server.shouldUpgradeCallback = shouldUpgradeCallback;
    // A program that has put an `emit` before this one since goes on calling it, and it passes everything on.
    if (server.emit !== emitToHubs) return;
    if (wasOwn) server.emit = emit;
    else Reflect.deleteProperty(server, 'emit');
  }

  // One of HTTP/2 would make a request of every stream, also of those that a program takes as streams.
  if (!speaksHttp2(server)) server.on('request', listening);
  server.on('upgrade', listening);
  // Node 24.9 and newer ask which offers to hand over; older ones hand over all of them.
  if (shouldUpgradeCallback) {
    server.shouldUpgradeCallback = (request) =>
      offeredTransport(request) !== undefined ||
      asksForStream(request) ||
      (isHeardByOthers(server, 'upgrade') && shouldUpgradeCallback.call(server, request));
  }
  server.emit = emitToHubs as Server['emit'];
  const interception: Interception = { hubs, end };
  interceptions.set(server, interception);
  return interception;
}

/** Node hands upgrades over once anyone listens for them. */
function listening(): void {}

const NOTHING = Buffer.alloc(0);

function speaksHttp2(server: object): boolean {
  return 'updateSettings' in server;
}

function isHeardByOthers(server: Server, event: 'request' | 'upgrade' | 'stream'): boolean {
  return server.listenerCount(event) > server.listenerCount(event, listening);
}

function notFound(request: IncomingMessage): FanwireError {
  return new FanwireError('not_found', `nothing is at ${pathOf(request)}`);
}
