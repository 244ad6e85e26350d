import { KIND_LETTERS, LINE_END, payloadFrom } from '../kit/payload-bytes.ts';
import type { NewMessage, StoredMessage } from '../message.ts';

/*
 * A message in Redis: a letter for its kind, its type, a space and its publisher if it has one, a line break, and then the
 * payload byte for byte. Its place, its time and the sequence before it on the channel stand beside it, in the entry's id or
 * the announcement's head.
 */

/** Text as a text: the driver makes one of a command’s texts, and writes each buffer by itself. */
export function encodeRecord({ type = '', from, payload }: NewMessage): string | Buffer {
  // A type has no space in it.
  const head = `${KIND_LETTERS[payload.kind]}${type}${from === undefined ? '' : ` ${from}`}\n`;
  return payload.kind === 'binary' ? Buffer.concat([Buffer.from(head), payload.bytes]) : head + payload.text;
}

export interface Announcement {
  readonly message: StoredMessage;
  /** The channel's message before this one. */
  readonly previous: number;
}

/** Reads `epoch sequence previous time size\n record`, without the space, once or several times. */
export function* decodeAnnouncements(channel: string, bytes: Buffer): Generator<Announcement> {
  for (let start = 0; start < bytes.length; ) {
    const head = bytes.indexOf(LINE_END, start);
    const [epoch = '', sequence, previous, time, size] = bytes.toString('latin1', start, head).split(' ');
    const end = head + 1 + Number(size);
    yield {
      message: {
        epoch,
        sequence: Number(sequence),
        channel,
        time: Number(time),
        ...decodeRecord(bytes.subarray(head + 1, end)),
      },
      previous: Number(previous),
    };
    start = end;
  }
}

/** A stream's entry as Redis answers it. */
export type Entry = readonly [id: Buffer, fields: readonly [previous: Buffer, record: Buffer]];

export function previousOf([, [previous]]: Entry): number {
  return Number(previous.toString());
}

export function decodeEntry(epoch: string, channel: string, [id, [, record]]: Entry): StoredMessage {
  const [sequence, time] = id.toString().split('-');
  return { epoch, sequence: Number(sequence), channel, time: Number(time), ...decodeRecord(record) };
}

function decodeRecord(record: Buffer): Pick<StoredMessage, 'type' | 'from' | 'payload'> {
  const end = record.indexOf(LINE_END);
  const [type, from] = record.toString('utf8', 1, end).split(' ');
  return {
    type: type || undefined,
    from,
    payload: payloadFrom(String.fromCharCode(record[0]!), record.subarray(end + 1)),
  };
}
