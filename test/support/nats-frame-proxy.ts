import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** What becomes of a message on its way from the server: `later` is behind the next one. */
export type Fate = 'pass' | 'drop' | 'twice' | 'later';

/**
 * Passes the NATS protocol on for as long as the test lasts. Each message whose subject has `.live.` in it meets the fate
 * that is named for it, as core NATS may lose, repeat and swap what it delivers.
 */
export async function startNatsFrameProxy(t: TestContext, target: number, fate: () => Fate): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
    client.pipe(upstream);
    let rest = Buffer.alloc(0);
    const late: Buffer[] = [];
    upstream.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let frame = frameOf(rest); frame; frame = frameOf(rest)) {
        rest = rest.subarray(frame.length);
        if (!/^HMSG \S*\.live\./.test(frame.toString('latin1', 0, 200))) {
          client.write(frame);
          continue;
        }
        const its = fate();
        if (its === 'later') late.push(frame);
        if (its === 'pass' || its === 'twice') client.write(frame);
        if (its === 'twice') client.write(frame);
        if (its !== 'later') for (const one of late.splice(0)) client.write(one);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** The first whole frame of what the server sends: a line, and the payload that a message's line tells the size of. */
function frameOf(bytes: Buffer): Buffer | undefined {
  const end = bytes.indexOf('\r\n');
  if (end === -1) return undefined;
  const line = bytes.toString('latin1', 0, end);
  const payload = /^H?MSG .* (\d+)$/.exec(line);
  const size = end + 2 + (payload ? Number(payload[1]) + 2 : 0);
  return bytes.length < size ? undefined : bytes.subarray(0, size);
}
