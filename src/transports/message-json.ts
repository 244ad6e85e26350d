import { gapOf, type StoredGap } from '../log/gap.ts';
import type { StoredMessage } from '../log/message.ts';
import { formatPosition } from '../protocol/position.ts';

/** The message as one line of JSON. A channel's name and a position need no escaping. */
export function messageJson(message: StoredMessage): string {
  const { payload } = message;
  switch (payload.kind) {
    case 'json':
      return `${headJson(message)},"data":${payload.text}}`;
    case 'text':
      return `${headJson(message)},"data":${JSON.stringify(payload.text)}}`;
    case 'binary':
      return `${headJson(message)},"data":"${base64(payload.bytes)}","encoding":"base64"}`;
  }
}

/** The message without its data, as it precedes a binary payload. */
export function messageHeadJson(message: StoredMessage): string {
  return `${headJson(message)}}`;
}

function headJson({ epoch, sequence, channel, type, from, time }: StoredMessage): string {
  const typeMember = type === undefined ? '' : `,"type":${JSON.stringify(type)}`;
  const fromMember = from === undefined ? '' : `,"from":${JSON.stringify(from)}`;
  return `{"id":"${formatPosition({ epoch, sequence })}","channel":"${channel}"${typeMember}${fromMember},"time":${time}`;
}

export function gapJson(gap: StoredGap): string {
  return JSON.stringify({ gap: gapOf(gap) });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
