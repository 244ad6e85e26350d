import type { Position } from '../../protocol/position.ts';
import { payloadFrom } from '../kit/payload-bytes.ts';
import type { NewMessage, StoredMessage } from '../message.ts';

/*
 * A message in the stream: the payload as its bytes, one header for the rest, `Fanwire: KIND TIME [TYPE [FROM]]`, and
 * one for the epoch. One with a key has another, `Fanwire-Digest`, to know whether a retry is one.
 */

export const HEADER = 'Fanwire';
/** The life of the stream for which a message was meant. */
export const EPOCH_HEADER = 'Fanwire-Epoch';
/** What is compared when the message's key comes again. */
export const DIGEST_HEADER = 'Fanwire-Digest';

/** A message as it is announced: without its payload. */
export interface Head {
  readonly kind: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly type: string | undefined;
  readonly from: string | undefined;
}

export function encodeHead({ payload, time, type, from }: NewMessage): string {
  const head = `${payload.kind} ${time}`;
  if (type === undefined && from === undefined) return head;
  // A type may have characters that headers may not.
  const typed = `${head} ${encodeURIComponent(type ?? '')}`;
  return from === undefined ? typed : `${typed} ${from}`;
}

export function decodeHead(header: string): Head {
  const [kind = '', time, type, from] = header.split(' ');
  return { kind, time: Number(time), type: type ? decodeURIComponent(type) : undefined, from };
}

export function decodeRecord(
  { epoch, sequence }: Position,
  channel: string,
  { kind, time, type, from }: Head,
  body: Uint8Array,
): StoredMessage {
  return { epoch, sequence, channel, type, from, time, payload: payloadFrom(kind, body) };
}
