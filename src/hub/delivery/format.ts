import type { PageItem } from '../../log/log.ts';
import type { Position } from '../../protocol/position.ts';

/**
 * How a transport writes messages. What `encode` makes of a message is made once and shared by every
 * subscriber, so it may depend on nothing but the message.
 */
export interface Format<Part = unknown, Chunk = unknown> {
  encode(item: PageItem): Part;
  /**
   * Joins what goes out at once into a single chunk, shared as well. Where an envelope of the subscriber's own stands around
   * each item, the chunk is the parts, and the sink puts it around them.
   */
  join(parts: readonly Part[], batch: Batch): Chunk;
}

/** What stands in one chunk. */
export interface Batch {
  readonly items: readonly PageItem[];
  /** Everything of the cursor's channels up to here has been given once this is. */
  readonly position: Position;
  readonly more: boolean;
  /** Undefined for a page of the log, which may begin anywhere, and where chunks may not build upon each other. */
  readonly stretch?: Stretch | undefined;
}

/** What a feed gives at once to all its live cursors. */
export interface Stretch {
  /** The same for all that the feed gives. */
  readonly feed: object;
  /** Where the feed stood before: what lies between is all of it in the stretch. */
  readonly after: Position | undefined;
}

/** Formats that also carry the SDK's frames and heartbeats. */
export interface FrameFormat<Part = unknown, Chunk = unknown> extends Format<Part, Chunk> {
  /** A frame other than a message or a gap, from its JSON. */
  frame(json: string): Chunk;
}
