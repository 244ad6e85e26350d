import type { Position } from '../../protocol/position.ts';
import { KIND_LETTERS, LINE_END, payloadFrom } from '../kit/payload-bytes.ts';
import type { NewMessage, StoredMessage } from '../message.ts';

/*
 * A message on disk: one letter for its kind, channel, time, type and publisher as JSON on one line, and then the
 * payload byte for byte. Its sequence is the key that it lies under.
 */

type Head = readonly [channel: string, time: number, type?: string | null, from?: string];

export function encodeRecord({ channel, time, type, from, payload }: NewMessage): Buffer {
  const head = headFor(channel, time, type, from);
  const line = `${KIND_LETTERS[payload.kind]}${JSON.stringify(head)}\n`;
  return payload.kind === 'binary'
    ? Buffer.concat([Buffer.from(line), payload.bytes])
    : Buffer.from(line + payload.text);
}

/** The channel alone: what is not read is not worth decoding. */
export function channelOf(record: Buffer): string {
  return headOf(record)[0];
}

export function decodeRecord({ epoch, sequence }: Position, record: Buffer): StoredMessage {
  const [channel, time, type, from] = headOf(record);
  const payload = payloadFrom(String.fromCharCode(record[0]!), record.subarray(record.indexOf(LINE_END) + 1));
  return { epoch, sequence, channel, type: type ?? undefined, from, time, payload };
}

function headFor(channel: string, time: number, type: string | undefined, from: string | undefined): Head {
  if (from !== undefined) return [channel, time, type ?? null, from];
  return type === undefined ? [channel, time] : [channel, time, type];
}

function headOf(record: Buffer): Head {
  return JSON.parse(record.toString('utf8', 1, record.indexOf(LINE_END)));
}
