import { createSecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { http2Options } from '../http2/options.ts';
import { Sessions } from '../http2/sessions.ts';
import type { OwnServer, OwnServerOptions } from '../own-server.ts';
import type { KeyPair } from './key-pair.ts';

export interface SecureServer extends OwnServer {
  /** What connections get from now on; those that are open stay as they are. */
  use(pair: KeyPair): void;
}

/** A server of HTTPS, with HTTP/2 or HTTP/1.1, as ALPN says. */
export function secureServer(pair: KeyPair, options: OwnServerOptions): SecureServer {
  const { listener, keepAliveMs, limits, admit } = options;
  const server = createSecureServer({ ...http2Options(limits), ...pair, allowHTTP1: true });
  // Not an option of every Node that is served.
  if (keepAliveMs !== undefined) Object.assign(server, { keepAliveTimeout: keepAliveMs });
  if (listener) server.on('request', listener as never);
  const sessions = new Sessions(server, options);
  server.on('connection', (socket: Socket) => void admit(socket));
  return {
    server,
    use: ({ cert, key }) => server.setSecureContext({ cert, key }),
    retire: () => sessions.retire(),
    end: () => sessions.end(),
  };
}
