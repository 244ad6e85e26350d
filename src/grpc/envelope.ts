import { type DescMessage, type MessageShape, toBinary, toJsonString } from '@bufbuild/protobuf';

/** How messages are written on a call: its content type says which. */
export type Codec = 'proto' | 'json';

export function codecOf(contentType: string | null): Codec {
  return contentType?.endsWith('json') ? 'json' : 'proto';
}

/** What stands before a message of a stream in gRPC, gRPC-Web and Connect alike: a byte of flags, and the length. */
export const PREFIX_BYTES = 5;

/** A message as it stands in a stream, not compressed. */
export function envelope<Desc extends DescMessage>(
  codec: Codec,
  schema: Desc,
  message: MessageShape<Desc>,
): Buffer {
  return prefixed(codec === 'json' ? Buffer.from(toJsonString(schema, message)) : toBinary(schema, message));
}

/** A message that has been encoded, with what stands before it. */
export function prefixed(bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(PREFIX_BYTES + bytes.length);
  whole[0] = 0;
  whole.writeUInt32BE(bytes.length, 1);
  whole.set(bytes, PREFIX_BYTES);
  return whole;
}
