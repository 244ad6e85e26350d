import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import { onEnd } from './on-end.ts';

/** A TCP connection, or a stream of HTTP/2, whose bytes a test writes and reads itself. */
export interface RawSocket {
  write(bytes: string | Uint8Array): void;
  /** @throws if the connection ends first */
  read(count: number): Promise<Buffer>;
  /** Up to and including the marker. */
  readThrough(marker: string): Promise<string>;
  /** Everything until the other end closes. */
  readAll(): Promise<Buffer>;
  pause(): void;
  resume(): void;
  destroy(): void;
}

export function openRawSocket(t: TestContext, port: number): RawSocket {
  const socket = rawSocketOf(connect(port, '127.0.0.1'));
  onEnd(t, () => socket.destroy());
  return socket;
}

export function rawSocketOf(socket: Duplex): RawSocket {
  let received: Buffer = Buffer.alloc(0);
  let ended = false;
  let wake = () => {};
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    ended = true;
    wake();
  });

  async function until(enough: () => number | undefined): Promise<Buffer> {
    for (let count = enough(); ; count = enough()) {
      if (count !== undefined) {
        const taken = received.subarray(0, count);
        received = received.subarray(count);
        return taken;
      }
      if (ended) throw new Error(`closed after ${JSON.stringify(received.toString('latin1'))}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    write: (bytes) => void socket.write(bytes),
    read: (count) => until(() => (received.length >= count ? count : undefined)),
    async readThrough(marker) {
      const bytes = await until(() => {
        const at = received.indexOf(marker);
        return at === -1 ? undefined : at + Buffer.byteLength(marker);
      });
      return bytes.toString();
    },
    readAll: () => until(() => (ended ? received.length : undefined)),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    destroy: () => void socket.destroy(),
  };
}
