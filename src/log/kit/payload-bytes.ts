import type { Payload } from '../message.ts';

/** Ends the line in front of a payload in a record; what follows it is the payload, byte for byte. */
export const LINE_END = 0x0a;

/** The first letter of a record. */
export const KIND_LETTERS = { json: 'j', text: 't', binary: 'b' } as const;

export function payloadBytes(payload: Payload): Uint8Array {
  return payload.kind === 'binary' ? payload.bytes : Buffer.from(payload.text);
}

/** @param kind its name or its letter; what is neither JSON nor text is bytes */
export function payloadFrom(kind: string, bytes: Uint8Array): Payload {
  const { buffer, byteOffset, length } = bytes;
  switch (kind) {
    case 'json':
    case KIND_LETTERS.json:
      return { kind: 'json', text: Buffer.from(buffer, byteOffset, length).toString() };
    case 'text':
    case KIND_LETTERS.text:
      return { kind: 'text', text: Buffer.from(buffer, byteOffset, length).toString() };
    default:
      return { kind: 'binary', bytes: new Uint8Array(buffer, byteOffset, length) };
  }
}
