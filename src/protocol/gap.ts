/**
 * Why messages are not given: retention has removed them by age, or by count or size; the log's numbering began anew; or
 * the subscriber, which wants the newest above all, was too slow for them.
 */
export type GapReason = 'expired' | 'trimmed' | 'epoch' | 'skipped';

/** Messages of a channel after `from`, up to and including `to`, that a subscriber will not get. */
export interface Gap {
  readonly channel: string;
  readonly from: string;
  readonly to: string;
  readonly reason: GapReason;
}
