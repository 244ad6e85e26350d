/** The line before a chunk's data (RFC 9112 section 7.1). */
export interface ChunkLine {
  /** Of the data, in bytes; 0 ends the body. */
  readonly size: number;
  /** Of the line, its line break included. */
  readonly length: number;
}

export function readChunkLine(bytes: Uint8Array): ChunkLine | 'incomplete' | 'invalid' {
  const end = bytes.indexOf(0x0a);
  if (end === -1) return 'incomplete';
  const hex = /^[0-9a-f]+/i.exec(String.fromCharCode(...bytes.subarray(0, end)))?.[0];
  if (hex === undefined) return 'invalid';
  return { size: Number.parseInt(hex, 16), length: end + 1 };
}
