import type { Gap, GapReason } from '../protocol/gap.ts';
import { formatPosition, type Position } from '../protocol/position.ts';

/** A gap as the hub handles it: of `channel` one message or more is gone after `from`, the last of them at `to`. */
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
