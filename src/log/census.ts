import type { Position } from '../protocol/position.ts';

/** What a channel retains. */
export interface RetainedRange {
  readonly count: number;
  readonly oldest: Position;
  readonly newest: Position;
}

/**
 * What channels there are, for an operator to see: an optional part of a log. Cheap enough to be asked every other
 * second. Each method may throw FanwireError `log_unavailable`, within a bounded time.
 */
export interface Census {
  /** What each of these channels retains; undefined for one that retains nothing. */
  ranges(channels: readonly string[]): Promise<readonly (RetainedRange | undefined)[]>;

  /**
   * Names of at most so many channels, those that were appended to last first. A log without such an order may
   * look at a part of them only.
   */
  newest(maxChannels: number): Promise<readonly string[]>;

  /** How many channels the log remembers, those that retain nothing any more too. */
  count(): Promise<number>;
}
