import type { TestContext } from 'node:test';
import { openRawSocket, type RawSocket } from './raw-socket.ts';

/*
 * Frames of HTTP/2 by hand (RFC 9113 section 4.1), right and wrong: a library would not send most of what is wrong.
 */

export const TYPE = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

export const FLAG = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8 } as const;

export const ERROR = { protocol: 0x1, flowControl: 0x3, refusedStream: 0x7, cancel: 0x8, calm: 0xb } as const;

export const SETTING = {
  maxStreams: 0x3,
  initialWindow: 0x4,
  maxFrame: 0x5,
  headerList: 0x6,
  connect: 0x8,
} as const;

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

const HEAD_BYTES = 9;
/** Of one frame, unless the other end has said otherwise. */
export const FRAME_MOST = 16_384;

export interface Http2Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export function settings(values: Readonly<Record<number, number>> = {}): Buffer {
  const entries = Object.entries(values).map(([id, value]) => {
    const entry = Buffer.alloc(6);
    entry.writeUInt16BE(Number(id));
    entry.writeUInt32BE(value, 2);
    return entry;
  });
  return frame(TYPE.settings, 0, 0, Buffer.concat(entries));
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Header fields that no table keeps (RFC 7541 section 6.2.2). */
export function fields(headers: Readonly<Record<string, string>>): Buffer {
  const text = (value: string) => Buffer.concat([integer(value.length), Buffer.from(value, 'latin1')]);
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]),
  );
}

/** A request without a body. */
export function get(stream: number, path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const all = { ':method': 'GET', ':scheme': 'http', ':authority': '127.0.0.1', ':path': path, ...headers };
  const block = fields(all);
  if (block.length <= FRAME_MOST) return frame(TYPE.headers, FLAG.endHeaders | FLAG.endStream, stream, block);
  return Buffer.concat([
    frame(TYPE.headers, FLAG.endStream, stream, block.subarray(0, FRAME_MOST)),
    frame(TYPE.continuation, FLAG.endHeaders, stream, block.subarray(FRAME_MOST)),
  ]);
}

/** An integer with a prefix of 7 bits (RFC 7541 section 5.1). */
function integer(value: number): Buffer {
  if (value < 0x7f) return Buffer.of(value);
  const bytes = [0x7f];
  let left = value - 0x7f;
  for (; left >= 0x80; left >>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}

export interface RawHttp2 {
  readonly socket: RawSocket;
  write(...frames: readonly Uint8Array[]): void;
  /** @throws if the connection ends first */
  read(): Promise<Http2Frame>;
  /** Reads on until there is one of this type, on this stream if one is named. */
  readOf(type: number, stream?: number): Promise<Http2Frame>;
  /** Reads on until an end is announced, and returns the error; an announcement without one is followed by the end. */
  readGoaway(): Promise<number | undefined>;
  /** Resolves once the other end has read everything that was written so far, or announces the end. @throws if it ends */
  settled(): Promise<'read' | 'ending'>;
}

/** Opens a connection with prior knowledge, settings and all. */
export function openRawHttp2(
  t: TestContext,
  port: number,
  values: Readonly<Record<number, number>> = {},
): RawHttp2 {
  const socket = openRawSocket(t, port);
  socket.write(Buffer.concat([PREFACE, settings(values)]));
  return rawHttp2Over(socket);
}

export function rawHttp2Over(socket: RawSocket): RawHttp2 {
  let pings = 0;

  async function read(): Promise<Http2Frame> {
    const head = await socket.read(HEAD_BYTES);
    const payload = await socket.read(head.readUIntBE(0, 3));
    return { type: head[3]!, flags: head[4]!, stream: head.readUInt32BE(5), payload };
  }

  async function readOf(type: number, stream?: number): Promise<Http2Frame> {
    for (;;) {
      const frame = await read();
      if (frame.type === type && (stream === undefined || frame.stream === stream)) return frame;
    }
  }

  return {
    socket,
    write: (...frames) => socket.write(Buffer.concat(frames)),
    read,
    readOf,
    async readGoaway() {
      let code: number | undefined;
      try {
        while (!code) code = (await readOf(TYPE.goaway)).payload.readUInt32BE(4);
      } catch {}
      return code;
    },
    async settled() {
      const payload = Buffer.alloc(8);
      payload.writeUInt32BE(++pings);
      socket.write(frame(TYPE.ping, 0, 0, payload));
      for (;;) {
        const answer = await read();
        if (answer.type === TYPE.goaway) return 'ending';
        if (answer.type === TYPE.ping && answer.flags & FLAG.ack && answer.payload.equals(payload))
          return 'read';
      }
    },
  };
}
