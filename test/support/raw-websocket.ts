import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { openRawSocket, type RawSocket } from './raw-socket.ts';

export const OPCODE = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

export interface RawFrame {
  /** FIN and opcode, the first byte as it stood on the wire. */
  readonly first: number;
  readonly masked: boolean;
  /** Bytes that the length took: 1, 3 or 9 (RFC 6455 section 5.2). */
  readonly lengthBytes: number;
  readonly payload: Buffer;
}

export interface RawWebSocket {
  readonly socket: RawSocket;
  /** The answer to the handshake, up to its blank line. */
  readonly head: string;
  readFrame(): Promise<RawFrame>;
  /** Reads on until a frame of this opcode. */
  readFrameOf(opcode: number): Promise<RawFrame>;
  write(opcode: number, payload: string | Uint8Array, options?: { masked?: boolean; fin?: boolean }): void;
}

export interface HandshakeOptions {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a handshake and hands out what comes back, whether it is a 101 or not. */
export async function openRawWebSocket(
  t: TestContext,
  port: number,
  path: string,
  { key = randomBytes(16).toString('base64'), headers = {} }: HandshakeOptions = {},
): Promise<RawWebSocket> {
  const socket = openRawSocket(t, port);
  const all = {
    Host: `127.0.0.1:${port}`,
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': key,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return webSocketOver(socket, await socket.readThrough('\r\n\r\n'));
}

/** Frames over what has been opened. */
export function webSocketOver(socket: RawSocket, head: string): RawWebSocket {
  async function readFrame(): Promise<RawFrame> {
    const [first, second] = (await socket.read(2)) as unknown as [number, number];
    const short = second & 0x7f;
    let length = short;
    if (short === 126) length = (await socket.read(2)).readUInt16BE();
    if (short === 127) length = Number((await socket.read(8)).readBigUInt64BE());
    const lengthBytes = short === 126 ? 3 : short === 127 ? 9 : 1;
    return { first, masked: second >= 0x80, lengthBytes, payload: await socket.read(length) };
  }

  return {
    socket,
    head,
    readFrame,
    async readFrameOf(opcode) {
      for (;;) {
        const frame = await readFrame();
        if ((frame.first & 0x0f) === opcode) return frame;
      }
    },
    write(opcode, payload, { masked = true, fin = true } = {}) {
      socket.write(encode(opcode, Buffer.from(payload), masked, fin));
    },
  };
}

function encode(opcode: number, payload: Buffer, masked: boolean, fin: boolean): Buffer {
  const { length } = payload;
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const extended = Buffer.alloc(short === 126 ? 2 : short === 127 ? 8 : 0);
  if (short === 126) extended.writeUInt16BE(length);
  if (short === 127) extended.writeBigUInt64BE(BigInt(length));
  const mask = masked ? randomBytes(4) : Buffer.alloc(0);
  const body = masked ? payload.map((byte, index) => byte ^ mask[index % 4]!) : payload;
  const head = Buffer.of((fin ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | short);
  return Buffer.concat([head, extended, mask, body]);
}
