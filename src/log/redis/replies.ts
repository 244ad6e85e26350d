import type { Entry } from './record.ts';

/*
 * What the scripts in lua/ answer.
 */

/** For each message its sequence, and behind it 0, 1 for a duplicate, or 2 for another message under the same key. */
export type AppendReply = readonly [epoch: Buffer, numbers: readonly number[]];
export type ChannelReply = readonly [newest: number, kept: number, entries: readonly Entry[], cut: number];
export type ReadReply = readonly [
  epoch: Buffer,
  sequence: number,
  found: number,
  channels: readonly ChannelReply[],
];
