import { authorityOf } from './host.ts';
import type { ServerExchange } from './server-exchange.ts';

/**
 * Answers a request with its own head, as far as it tells what the network has changed. No secret is in it, and of
 * addresses only their number: those of proxies are nobody's business.
 */
export function serveEcho(exchange: ServerExchange): void {
  const { hub, request, headers } = exchange;
  const addresses = exchange.header('x-forwarded-for');
  const body = JSON.stringify({
    host: authorityOf(request),
    tls: request.socket.encrypted === true,
    httpVersion: request.httpVersion,
    authorization: exchange.header('authorization') !== undefined,
    origin: exchange.header('origin'),
    forwarded: {
      for: addresses === undefined ? 0 : addresses.split(',').length,
      proto: exchange.header('x-forwarded-proto'),
      host: exchange.header('x-forwarded-host'),
    },
    via: exchange.header('via'),
    time: hub.runtime.now(),
  });
  const head = {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  };
  exchange.send(200, head, body);
}
