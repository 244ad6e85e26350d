/** Why messages can't be given any more: by age, by count or size, or the log's numbering began anew. */
export type GapReason = 'expired' | 'trimmed' | 'epoch';

/** Messages of a channel after `from`, up to and including `to`, that a subscriber will not get. */
export interface Gap {
  readonly channel: string;
  readonly from: string;
  readonly to: string;
  readonly reason: GapReason;
}
