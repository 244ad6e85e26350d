import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { onEnd } from '../../support/on-end.ts';

/** A network between clients and a server of UDP, which loses what the test says. */
export interface UdpProxy {
  readonly port: number;
  /** Whether a packet on its way to a client is lost. */
  loses: (packet: Buffer) => boolean;
}

/** Passes packets on to a port of loopback and back for as long as the test lasts. */
export async function startUdpProxy(t: TestContext, target: number): Promise<UdpProxy> {
  const front = createSocket('udp4');
  /** A socket for each client, by its port. */
  const sockets = new Map<number, Socket>();
  front.on('message', (packet, client) => {
    let socket = sockets.get(client.port);
    if (!socket) {
      socket = createSocket('udp4');
      socket.on('message', (answer) => {
        if (!proxy.loses(answer)) front.send(answer, client.port, client.address);
      });
      socket.on('error', () => {});
      sockets.set(client.port, socket);
    }
    socket.send(packet, target, '127.0.0.1');
  });
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  onEnd(t, () => {
    front.close();
    for (const socket of sockets.values()) socket.close();
  });
  const proxy: UdpProxy = { port: front.address().port, loses: () => false };
  return proxy;
}
