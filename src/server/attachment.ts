import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { FanwireError } from '../protocol/errors.ts';
import type { Handler } from './handler.ts';
import { answerWithoutUpgrade } from './plain-upgrade.ts';
import { refuseUpgrade, sendProblem } from './problem.ts';

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const PASSES_ON: Pick<Handler, 'request' | 'upgrade'> = { request: () => false, upgrade: () => false };

/**
 * Puts a handler before the listeners that a server has by now; what is not the hub's goes on to them.
 * Returns a function that takes it away again.
 */
export function attachHandler(server: Server, handler: Handler): () => void {
  const requestListeners = server.listeners('request') as RequestListener[];
  const upgradeListeners = server.listeners('upgrade') as UpgradeListener[];

  let serving: Pick<Handler, 'request' | 'upgrade'> = handler;

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (serving.request(request, response)) return;
    if (requestListeners.length === 0) sendProblem(response, notFound(request));
    for (const listener of requestListeners) listener.call(server, request, response);
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (offersWebSocket(request)) {
      if (serving.upgrade(request, socket, head)) return;
      if (upgradeListeners.length === 0) refuseUpgrade(socket, notFound(request));
      for (const listener of upgradeListeners) listener.call(server, request, socket, head);
    } else if (upgradeListeners.length > 0) {
      for (const listener of upgradeListeners) listener.call(server, request, socket, head);
    } else answerWithoutUpgrade(server, request, socket, head);
  }

  const unasked = upgradeListeners.length === 0 ? refuseOtherOffers(server) : () => {};
  server.removeAllListeners('request').on('request', onRequest);
  server.removeAllListeners('upgrade').on('upgrade', onUpgrade);
  return () => {
    // Whoever has put a handler before this one since goes on calling it.
    serving = PASSES_ON;
    if (!server.listeners('request').includes(onRequest)) return;
    server.off('request', onRequest).off('upgrade', onUpgrade);
    for (const listener of requestListeners) server.on('request', listener);
    for (const listener of upgradeListeners) server.on('upgrade', listener);
    unasked();
  };
}

function offersWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** Node 24.9 and newer ask which offers to hand over; older ones hand over all of them. Returns what undoes it. */
function refuseOtherOffers(server: Server & { shouldUpgradeCallback?: unknown }): () => void {
  const before = server.shouldUpgradeCallback;
  if (before === undefined) return () => {};
  server.shouldUpgradeCallback = offersWebSocket;
  return () => {
    server.shouldUpgradeCallback = before;
  };
}

function notFound(request: IncomingMessage): FanwireError {
  return new FanwireError('not_found', `nothing is at ${(request.url ?? '').split('?', 1)[0]}`);
}
