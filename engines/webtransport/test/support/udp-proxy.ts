import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

interface UdpProxy {
  port: number;
  /** What the server has sent. */
  answers: Uint8Array[];
  /** Resolves with the first of them. */
  answered: Promise<void>;
  /** From now on nothing gets through, as if a cable had been cut. */
  cut(): void;
}

/** Stands before a server, for one client, which gets the server's answers only if `isOpen`. */
export async function startProxy(t: TestContext, serverPort: number, isOpen: boolean): Promise<UdpProxy> {
  const outside = createSocket('udp4');
  const inside = createSocket('udp4');
  outside.bind(0, '127.0.0.1');
  inside.bind(0, '127.0.0.1');
  await Promise.all([once(outside, 'listening'), once(inside, 'listening')]);
  t.after(() => {
    outside.close();
    inside.close();
  });
  let client = 0;
  const answers: Uint8Array[] = [];
  const forward = (packet: Uint8Array, { port }: { port: number }) => {
    client = port;
    inside.send(packet, serverPort, '127.0.0.1');
  };
  outside.on('message', forward);
  const answered = new Promise<void>((resolve) => {
    inside.on('message', (packet) => {
      answers.push(packet);
      resolve();
      if (isOpen) outside.send(packet, client, '127.0.0.1');
    });
  });
  const cut = () => void outside.off('message', forward);
  return { port: outside.address().port, answers, answered, cut };
}

/** Whether a packet asks a client to prove its address (RFC 9000 section 17.2.5). */
export function isRetry(packet: Uint8Array): boolean {
  return (packet[0]! & 0xf0) === 0xf0;
}
