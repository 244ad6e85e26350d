import type { Position } from '../../protocol/position.ts';
import type { NewMessage, Payload, StoredMessage } from '../message.ts';

/*
 * A message on disk: one letter for its kind, channel, time and type as JSON on one line, and then the
 * payload byte for byte. Its sequence is the key that it lies under.
 */

const LINE_END = 0x0a;
const KINDS = { json: 'j', text: 't', binary: 'b' } as const;

type Head = readonly [channel: string, time: number, type?: string];

export function encodeRecord({ channel, time, type, payload }: NewMessage): Buffer {
  const head: Head = type === undefined ? [channel, time] : [channel, time, type];
  const line = `${KINDS[payload.kind]}${JSON.stringify(head)}\n`;
  return payload.kind === 'binary'
    ? Buffer.concat([Buffer.from(line), payload.bytes])
    : Buffer.from(line + payload.text);
}

/** The channel alone: what is not read is not worth decoding. */
export function channelOf(record: Buffer): string {
  return headOf(record)[0];
}

export function decodeRecord({ epoch, sequence }: Position, record: Buffer): StoredMessage {
  const [channel, time, type] = headOf(record);
  const payload = payloadOf(record[0]!, record.subarray(record.indexOf(LINE_END) + 1));
  return { epoch, sequence, channel, type, time, payload };
}

function headOf(record: Buffer): Head {
  return JSON.parse(record.toString('utf8', 1, record.indexOf(LINE_END)));
}

function payloadOf(kind: number, bytes: Buffer): Payload {
  switch (String.fromCharCode(kind)) {
    case KINDS.json:
      return { kind: 'json', text: bytes.toString() };
    case KINDS.text:
      return { kind: 'text', text: bytes.toString() };
    default:
      return { kind: 'binary', bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
  }
}
