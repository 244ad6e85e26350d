import { bytesIn } from '../protocol/bytes.ts';
import type { Message } from '../protocol/message.ts';
import { formatPosition, type Position } from '../protocol/position.ts';
import { toJson } from '../protocol/to-json.ts';
import { isPlainJson } from './plain-json.ts';

/**
 * A payload as it was published. JSON is kept as text: parsing it and writing it anew would change
 * large numbers, and would be paid for on every delivery.
 */
export type Payload =
  /** One line of valid JSON. */
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array };

/** A message as a log holds it; its position is its own epoch and sequence. */
export interface StoredMessage extends Position {
  readonly channel: string;
  readonly type: string | undefined;
  /** Whose client published it, by the name that others may know. A log gives it back as it is: visible ASCII, no spaces. */
  readonly from?: string | undefined;
  readonly time: number;
  readonly payload: Payload;
}

/** What is asked to be appended; the log adds the position. */
export type NewMessage = Omit<StoredMessage, keyof Position>;

/** Keeps valid JSON as it was written, on one line: outside its strings a line break is only white space. */
export function jsonPayload(text: string): Payload {
  const trimmed = text.trim();
  // V8 trims to a view of the whole text: a log would keep megabytes of white space for a message of a few bytes.
  const own = trimmed.length === text.length ? text : Buffer.from(trimmed).toString();
  const oneLine = own.includes('\n') || own.includes('\r') ? own.replace(/[\r\n]+/g, ' ') : own;
  return { kind: 'json', text: oneLine };
}

/** The payload of a value that has come as JSON. */
export function payloadOf(data: unknown): Payload {
  return { kind: 'json', text: JSON.stringify(data) };
}

/**
 * The payload of a value given by a program: buffers and views are bytes, all else becomes JSON.
 * @throws TypeError for undefined or a cycle; FanwireError `invalid_json` for what JSON can't hold, by name
 */
export function givenPayload(data: unknown): Payload {
  const bytes = bytesIn(data);
  if (bytes) return { kind: 'binary', bytes };
  if (data === undefined) throw new TypeError('data must be a JSON value or bytes, not undefined');
  return { kind: 'json', text: isPlainJson(data) ? JSON.stringify(data) : toJson(data) };
}

/** In bytes, as UTF-8. */
export function payloadSize(payload: Payload): number {
  return payload.kind === 'binary' ? payload.bytes.length : Buffer.byteLength(payload.text);
}

/** The payload as a program reads it. */
export function dataOf(payload: Payload): unknown {
  switch (payload.kind) {
    case 'json':
      return JSON.parse(payload.text);
    case 'text':
      return payload.text;
    case 'binary':
      return payload.bytes;
  }
}

export function messageOf(stored: StoredMessage): Message {
  return {
    id: formatPosition(stored),
    channel: stored.channel,
    ...(stored.type === undefined ? {} : { type: stored.type }),
    ...(stored.from === undefined ? {} : { from: stored.from }),
    time: stored.time,
    data: dataOf(stored.payload),
  };
}
