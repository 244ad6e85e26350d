import { formatPosition, type Position } from './position.ts';

/** Why messages can't be given any more: by age, by count or size, or the log's numbering began anew. */
export type GapReason = 'expired' | 'trimmed' | 'epoch';

/** Messages of a channel after `from`, up to and including `to`, that a subscriber will not get. */
export interface Gap {
  readonly channel: string;
  readonly from: string;
  readonly to: string;
  readonly reason: GapReason;
}

/** A gap as the hub handles it. Its place in the order is `to`: what is left comes after it. */
export interface StoredGap {
  readonly channel: string;
  readonly from: Position;
  readonly to: Position;
  readonly reason: GapReason;
}

export function gapOf(gap: StoredGap): Gap {
  return {
    channel: gap.channel,
    from: formatPosition(gap.from),
    to: formatPosition(gap.to),
    reason: gap.reason,
  };
}
