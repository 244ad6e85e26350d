/** What stands before a WebSocket frame's payload (RFC 6455 section 5.2). */
export interface FrameHeader {
  readonly fin: boolean;
  /** RSV1 to RSV3, for extensions; none is negotiated here. */
  readonly rsv: number;
  readonly opcode: number;
  readonly mask: Uint8Array | undefined;
  /** What the seven bits say: the length itself, or 126 or 127 for the bits that follow. */
  readonly shortLength: number;
  /** Bits that hold the payload's length. */
  readonly lengthBits: 7 | 16 | 64;
  readonly payloadLength: number;
  /** Bytes of the header: 2 to 14. */
  readonly bytes: number;
}

/** Undefined while more bytes are needed. */
export function readFrameHeader(bytes: Uint8Array): FrameHeader | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = bytes as unknown as [number, number];
  const shortLength = second & 0x7f;
  const lengthBits = shortLength < 126 ? 7 : shortLength === 126 ? 16 : 64;
  const extended = lengthBits === 7 ? 0 : lengthBits / 8;
  const masked = second >= 0x80;
  const size = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    fin: first >= 0x80,
    rsv: (first >> 4) & 0x7,
    opcode: first & 0x0f,
    mask: masked ? bytes.slice(2 + extended, size) : undefined,
    shortLength,
    lengthBits,
    payloadLength:
      lengthBits === 7 ? shortLength : lengthBits === 16 ? view.getUint16(2) : Number(view.getBigUint64(2)),
    bytes: size,
  };
}

/** Each byte XOR the byte of the key at its place modulo four: masks and unmasks alike (section 5.3). */
export function unmasked(payload: Uint8Array, mask: Uint8Array | undefined): Uint8Array {
  return mask ? payload.map((byte, index) => byte ^ mask[index % 4]!) : payload;
}

/** The opcode of a text frame. */
export const TEXT = 1;

export const OPCODES: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

export function isControl(opcode: number): boolean {
  return opcode >= 8;
}

export interface Close {
  /** Undefined where the frame gives none. */
  readonly code: number | undefined;
  readonly reason: string;
}

export function readClose(payload: Uint8Array): Close {
  if (payload.length < 2) return { code: undefined, reason: '' };
  const code = (payload[0]! << 8) | payload[1]!;
  return { code, reason: new TextDecoder().decode(payload.subarray(2)) };
}
