import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { FanwireHub } from '../../src/index.ts';

export interface FetchServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A server that speaks `Request` and `Response`, as frameworks on Node have it, with nothing but a hub behind it. */
export async function serveByFetch(hub: Pick<FanwireHub, 'fetch'>): Promise<FetchServer> {
  const server: ServerType = serve({
    fetch: (request, { incoming }) => hub.fetch(request, { address: incoming.socket.remoteAddress }),
    hostname: '127.0.0.1',
    port: 0,
  });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
