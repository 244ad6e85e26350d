import { gapOf, type StoredGap } from '../log/gap.ts';
import type { Payload, StoredMessage } from '../log/message.ts';
import { formatPosition } from '../protocol/position.ts';

/** The fields of `Message`, each as JSON. A channel's name and a position need no escaping. */
export const MESSAGE_FIELDS: Readonly<Record<string, (message: StoredMessage) => string>> = {
  __typename: () => '"Message"',
  id: (message) => `"${formatPosition(message)}"`,
  channel: ({ channel }) => `"${channel}"`,
  type: ({ type }) => (type === undefined ? 'null' : JSON.stringify(type)),
  from: ({ from }) => (from === undefined ? 'null' : JSON.stringify(from)),
  time: ({ time }) => String(time),
  data: ({ payload }) => dataJson(payload),
  encoding: ({ payload }) => (payload.kind === 'binary' ? '"base64"' : 'null'),
};

/** Those of `Gap`. */
export const GAP_FIELDS: Readonly<Record<string, (gap: StoredGap) => string>> = {
  __typename: () => '"Gap"',
  channel: (gap) => JSON.stringify(gap.channel),
  from: (gap) => JSON.stringify(gapOf(gap).from),
  to: (gap) => JSON.stringify(gapOf(gap).to),
  reason: (gap) => JSON.stringify(gap.reason),
};

/** What was published, as it was written; bytes as base64. */
export function dataJson(payload: Payload): string {
  switch (payload.kind) {
    case 'json':
      return payload.text;
    case 'text':
      return JSON.stringify(payload.text);
    case 'binary': {
      const { buffer, byteOffset, byteLength } = payload.bytes;
      return `"${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}"`;
    }
  }
}
