const CRLF = Buffer.from('\r\n');

/** A chunk of HTTP/1.1's chunked transfer coding (RFC 9112 section 7.1). */
export function chunk(parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from(`${length.toString(16)}\r\n`), ...parts, CRLF]);
}
