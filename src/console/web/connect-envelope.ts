/** What stands before each message of a stream of Connect's: a byte of flags, and the length. */
export const PREFIX_BYTES = 5;

/** The flag of the last envelope, which says how the call ended. */
export const END_OF_STREAM = 0b10;

export interface Envelope {
  readonly flags: number;
  readonly prefix: Uint8Array;
  readonly text: string;
}

export function envelope(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const whole = new Uint8Array(PREFIX_BYTES + bytes.length);
  new DataView(whole.buffer).setUint32(1, bytes.length);
  whole.set(bytes, PREFIX_BYTES);
  return whole;
}

/** Reads envelopes out of bytes that come in parts cut anywhere. */
export function createEnvelopeReader(): (bytes: Uint8Array) => Envelope[] {
  let rest = new Uint8Array();
  return (bytes) => {
    const all = new Uint8Array(rest.length + bytes.length);
    all.set(rest);
    all.set(bytes, rest.length);
    rest = all;
    const envelopes: Envelope[] = [];
    for (let length = lengthOf(rest); length <= rest.length; length = lengthOf(rest)) {
      const text = new TextDecoder().decode(rest.subarray(PREFIX_BYTES, length));
      envelopes.push({ flags: rest[0]!, prefix: rest.subarray(0, PREFIX_BYTES), text });
      rest = rest.subarray(length);
    }
    return envelopes;
  };
}

/** Of the whole first envelope. */
function lengthOf(bytes: Uint8Array): number {
  if (bytes.length < PREFIX_BYTES) return Number.POSITIVE_INFINITY;
  return PREFIX_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
}
