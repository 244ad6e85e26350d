const FIN = 0x80;
const TEXT = 0x1;
const BINARY = 0x2;

/** One unfragmented, unmasked text frame, as a server sends it (RFC 6455 section 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = allocate(TEXT, length);
  frame.write(text, frame.length - length);
  return frame;
}

/** One unfragmented, unmasked binary frame whose payload is the parts one after another. */
export function binaryFrame(...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = allocate(BINARY, length);
  let at = frame.length - length;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** The length stands in 7 bits, or after 126 in 16 more, or after 127 in 64 more. */
function allocate(opcode: number, length: number): Buffer {
  if (length < 126) {
    const frame = Buffer.allocUnsafe(2 + length);
    frame[1] = length;
    frame[0] = FIN | opcode;
    return frame;
  }
  if (length < 65_536) {
    const frame = Buffer.allocUnsafe(4 + length);
    frame[0] = FIN | opcode;
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    return frame;
  }
  const frame = Buffer.allocUnsafe(10 + length);
  frame[0] = FIN | opcode;
  frame[1] = 127;
  frame.writeBigUInt64BE(BigInt(length), 2);
  return frame;
}
