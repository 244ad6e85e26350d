import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A network between two programs, which can be taken away. */
export interface TcpProxy {
  readonly port: number;
  /** The port that connections to come go to. */
  target: number;
  /** Ends every connection, as when the network changes. */
  cut(): void;
  /** Nothing passes any more and nothing is told: connections stay open, new ones open and stay mute. */
  partition(): void;
  /** What was held back is lost with its connection, as after a cut cable; new connections pass. */
  heal(): void;
}

/** Takes the answers of one connection, and writes what of them passes, when it passes. */
export type Answers = (write: (bytes: Buffer) => void) => (bytes: Buffer) => void;

/** Passes bytes on to a port of loopback for as long as the test lasts. */
export async function startTcpProxy(
  t: TestContext,
  target: number,
  answers: Answers = (write) => write,
): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  let parted = false;

  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => {});
    client.on('close', () => clients.delete(client));
    if (parted) return;
    const upstream = connect(proxy.target, '127.0.0.1');
    upstream.on('error', () => {});
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.on('data', (bytes) => parted || upstream.write(bytes));
    const answer = answers((bytes) => parted || client.destroyed || client.write(bytes));
    upstream.on('data', answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const client of clients) client.destroy();
  });

  const cut = () => {
    for (const client of clients) client.destroy();
  };
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    cut,
    partition() {
      parted = true;
    },
    heal() {
      parted = false;
      cut();
    },
  };
  return proxy;
}
