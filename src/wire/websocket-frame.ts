const FIN = 0x80;
const RSV1 = 0x40;
const OPCODE = 0x0f;
const TEXT = 0x1;
const BINARY = 0x2;

/** One unfragmented, unmasked text frame, as a server sends it (RFC 6455 section 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = allocate(TEXT, length);
  frame.write(text, frame.length - length);
  return frame;
}

/** The same of UTF-8 in parts. */
export function textFrameOf(...parts: readonly Uint8Array[]): Buffer {
  return joinedFrame(TEXT, parts);
}

/** A text frame's beginning, whose payload follows in buffers that others share. */
export function textFrameHead(length: number): Buffer {
  return frameOf(TEXT, length, 0);
}

/** One unfragmented, unmasked binary frame whose payload is the parts one after another. */
export function binaryFrame(...parts: readonly Uint8Array[]): Buffer {
  return joinedFrame(BINARY, parts);
}

function joinedFrame(opcode: number, parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = allocate(opcode, length);
  let at = frame.length - length;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** The payload of a frame made here. */
export function payloadOf(frame: Buffer): Buffer {
  const length = frame[1]!;
  return frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10);
}

/** The same frame with its payload compressed, which the first reserved bit says (RFC 7692 section 6). */
export function deflatedFrame(frame: Buffer, compressed: Uint8Array): Buffer {
  const deflated = allocate(RSV1 | (frame[0]! & OPCODE), compressed.length);
  deflated.set(compressed, deflated.length - compressed.length);
  return deflated;
}

/** A whole frame, its payload not yet written. */
function allocate(bits: number, length: number): Buffer {
  return frameOf(bits, length, length);
}

/**
 * The length stands in 7 bits, or after 126 in 16 more, or after 127 in 64 more.
 * @param present how much of the payload there is to be room for
 */
function frameOf(bits: number, length: number, present: number): Buffer {
  if (length < 126) {
    const frame = Buffer.allocUnsafe(2 + present);
    frame[1] = length;
    frame[0] = FIN | bits;
    return frame;
  }
  if (length < 65_536) {
    const frame = Buffer.allocUnsafe(4 + present);
    frame[0] = FIN | bits;
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    return frame;
  }
  const frame = Buffer.allocUnsafe(10 + present);
  frame[0] = FIN | bits;
  frame[1] = 127;
  frame.writeBigUInt64BE(BigInt(length), 2);
  return frame;
}
