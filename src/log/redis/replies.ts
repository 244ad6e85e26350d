import type { Entry } from './record.ts';

/*
 * What the scripts in lua/ answer.
 */

/** The last is 1 for a duplicate, and 2 for another message under the same key. */
export type AppendReply = readonly [epoch: Buffer, sequence: number, duplicate: number];
export type ChannelReply = readonly [newest: number, kept: number, entries: readonly Entry[], cut: number];
export type ReadReply = readonly [
  epoch: Buffer,
  sequence: number,
  found: number,
  channels: readonly ChannelReply[],
];
