import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createHub } from '../create-hub.ts';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { HubOptions } from '../hub/options.ts';
import type { KeyPair } from '../server/tls/key-pair.ts';
import { sharedLogs } from './shared-log.ts';

/** One node of a hub, in this process. */
export interface Node {
  /** Another one after each start. */
  readonly port: number;
  /** The one that was started last. */
  readonly hub: FanwireHub;
  readonly isUp: boolean;
  /** Ends it as a crash does: without a word to its clients. */
  kill(): Promise<void>;
  /** After it was killed: the same log, and nothing else of what it was. */
  start(): Promise<void>;
}

/** Starts nodes on loopback that share a log. @param pair of a certificate, by which they serve HTTPS */
export function startNodes(count: number, options: HubOptions, pair?: KeyPair): Promise<readonly Node[]> {
  return Promise.all(sharedLogs(count).map((log) => startNode({ ...options, log }, pair)));
}

async function startNode(options: HubOptions, pair: KeyPair | undefined): Promise<Node> {
  let up = await listen(options, pair);
  return {
    get port() {
      return up.port;
    },
    get hub() {
      return up.hub;
    },
    get isUp() {
      return up.server.listening;
    },
    kill: () => up.kill(),
    async start() {
      up = await listen(options, pair);
    },
  };
}

async function listen(options: HubOptions, pair: KeyPair | undefined) {
  const hub = createHub(options);
  const sockets = new Set<Socket>();
  const server = (pair ? createSecureServer({ ...pair }) : createServer()).on(
    'connection',
    (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    },
  );
  hub.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    hub,
    server,
    port,
    async kill() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await hub.close({ drainMs: 0 });
    },
  };
}
