import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createHub } from '../create-hub.ts';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { HubOptions } from '../hub/options.ts';
import type { KeyPair } from '../server/tls/key-pair.ts';
import { atPace, LIFE, type Pace } from './pace.ts';
import { sharedLogs } from './shared-log.ts';
import { hasWebTransport } from './web-transport.ts';

/** One node of a hub, in this process. */
export interface Node {
  /** Another one after each start. */
  readonly port: number;
  /** Where it serves WebTransport; undefined where it does not. */
  readonly udpPort: number | undefined;
  /** The one that was started last. */
  readonly hub: FanwireHub;
  readonly isUp: boolean;
  /** Ends it as a crash does: without a word to its clients. */
  kill(): Promise<void>;
  /** After it was killed: the same log, and nothing else of what it was. */
  start(): Promise<void>;
}

/** By which nodes serve HTTPS, and WebTransport where this process has it. */
export interface Encryption {
  readonly pair: KeyPair;
  readonly pace: Pace;
}

/** Starts nodes on loopback that share a log. */
export function startNodes(
  count: number,
  options: HubOptions,
  encryption?: Encryption,
): Promise<readonly Node[]> {
  return Promise.all(sharedLogs(count).map((log) => startNode({ ...options, log }, encryption)));
}

async function startNode(options: HubOptions, encryption: Encryption | undefined): Promise<Node> {
  let up = await listen(options, encryption);
  return {
    get port() {
      return up.port;
    },
    get udpPort() {
      return up.udpPort;
    },
    get hub() {
      return up.hub;
    },
    get isUp() {
      return up.server.listening;
    },
    kill: () => up.kill(),
    async start() {
      up = await listen(options, encryption);
    },
  };
}

async function listen(options: HubOptions, encryption: Encryption | undefined) {
  const hub = createHub(options);
  const sockets = new Set<Socket>();
  const server = (encryption ? createSecureServer({ ...encryption.pair }) : createServer()).on(
    'connection',
    (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    },
  );
  hub.attach(server);
  const udpPort = encryption && hasWebTransport() ? await serveWebTransport(hub, encryption) : undefined;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    hub,
    server,
    port,
    udpPort,
    async kill() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await hub.close({ drainMs: 0 });
    },
  };
}

/** At whatever port: clients know only that of the middlebox. */
async function serveWebTransport(hub: FanwireHub, { pair, pace }: Encryption): Promise<number> {
  const limits = { idleMs: atPace(LIFE.quicIdle, pace) };
  return (await hub.webtransport({ port: 0, tls: pair, limits })).port;
}
