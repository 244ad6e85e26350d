/**
 * SHA-1 (RFC 3174), for the handshake of a WebSocket. The browser's own (`crypto.subtle`) is missing
 * on pages that came over plain HTTP from another computer, where the inspector should work as well.
 */
export function sha1(message: Uint8Array): Uint8Array {
  const words = padded(message);
  const hash = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const w = new Uint32Array(80);
  for (let block = 0; block < words.length; block += 16) {
    w.set(words.subarray(block, block + 16));
    for (let t = 16; t < 80; t++) w[t] = rotated(w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!, 1);
    let [a, b, c, d, e] = hash as unknown as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      const [mixed, constant] = round(t, b, c, d);
      const next = (rotated(a, 5) + mixed + e + constant + w[t]!) >>> 0;
      [e, d, c, b, a] = [d, c, rotated(b, 30), a, next];
    }
    for (const [index, value] of [a, b, c, d, e].entries()) hash[index] = hash[index]! + value;
  }
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of hash.entries()) view.setUint32(index * 4, value);
  return bytes;
}

/** The message, a bit 1, zeros, and its length in bits, in whole blocks of 16 words. */
function padded(message: Uint8Array): Uint32Array {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(length - 8, BigInt(message.length) * 8n);
  return Uint32Array.from({ length: length / 4 }, (_, index) => view.getUint32(index * 4));
}

function round(t: number, b: number, c: number, d: number): [mixed: number, constant: number] {
  if (t < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (t < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (t < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}

function rotated(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}
