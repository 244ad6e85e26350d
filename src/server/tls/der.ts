/*
 * Distinguished encoding rules (ITU-T X.690), as far as a certificate needs them: a tag, a length, and the content.
 */

export function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag, ...lengthOf(content.length)), content]);
}

export const sequence = (...contents: readonly Uint8Array[]) => tagged(0x30, ...contents);
export const set = (...contents: readonly Uint8Array[]) => tagged(0x31, ...contents);
/** @param bytes big-endian, in two's complement */
export const integer = (bytes: Uint8Array) => tagged(0x02, bytes);
export const octets = (bytes: Uint8Array) => tagged(0x04, bytes);
export const utf8 = (text: string) => tagged(0x0c, Buffer.from(text));
/** @param hex as it is encoded */
export const objectId = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));
/** Of whole bytes: none of the last one's bits is unused. */
export const bitString = (bytes: Uint8Array) => tagged(0x03, Buffer.of(0), bytes);
export const explicit = (number: number, content: Uint8Array) => tagged(0xa0 + number, content);

/** UTCTime, of two digits for the year: until 2049 (RFC 5280 section 4.1.2.5). */
export function time(unixMs: number): Buffer {
  const digits = new Date(unixMs).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}

/** Up to 127 in a byte; else the number of bytes that follow, and these. */
function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
