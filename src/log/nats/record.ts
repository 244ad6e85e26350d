import type { Position } from '../../protocol/position.ts';
import type { NewMessage, Payload, StoredMessage } from '../message.ts';

/*
 * A message in the stream: the payload as its bytes, one header for the rest, `Fanwire: KIND TIME [TYPE]`, and
 * one for the epoch. One with a key has another, `Fanwire-Digest`, to know whether a retry is one.
 */

export const HEADER = 'Fanwire';
/** The life of the stream for which a message was meant. */
export const EPOCH_HEADER = 'Fanwire-Epoch';
/** What is compared when the message's key comes again. */
export const DIGEST_HEADER = 'Fanwire-Digest';

/** What is told of a message without its payload. */
export interface Head {
  readonly kind: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly type: string | undefined;
}

export function encodeHead({ payload, time, type }: NewMessage): string {
  const head = `${payload.kind} ${time}`;
  // A type may have characters that headers may not.
  return type === undefined ? head : `${head} ${encodeURIComponent(type)}`;
}

export function encodeBody({ payload }: NewMessage): Uint8Array {
  return payload.kind === 'binary' ? payload.bytes : Buffer.from(payload.text);
}

export function decodeHead(header: string): Head {
  const [kind = '', time, type] = header.split(' ');
  return { kind, time: Number(time), type: type === undefined ? undefined : decodeURIComponent(type) };
}

export function decodeRecord(
  { epoch, sequence }: Position,
  channel: string,
  { kind, time, type }: Head,
  body: Uint8Array,
): StoredMessage {
  return { epoch, sequence, channel, type, time, payload: payloadOf(kind, body) };
}

function payloadOf(kind: string, body: Uint8Array): Payload {
  if (kind === 'binary') return { kind, bytes: body };
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString();
  return kind === 'json' ? { kind, text } : { kind: 'text', text };
}
