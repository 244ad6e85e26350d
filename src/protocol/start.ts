import type { Position } from './position.ts';

/** Where a subscriber begins to read. */
export type Start =
  /** After a position it holds: what is missing since is announced as a gap. */
  | { readonly kind: 'after'; readonly position: Position }
  /** Everything retained. */
  | { readonly kind: 'start' }
  /** Only what is published from here on. */
  | { readonly kind: 'now' }
  /** The newest `count` messages, then what follows. */
  | { readonly kind: 'last'; readonly count: number };

export const FROM_NOW: Start = { kind: 'now' };
export const FROM_START: Start = { kind: 'start' };
