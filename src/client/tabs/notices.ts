import type { ServerFrame } from '../../protocol/frames.ts';
import type { LeaderReport } from './state.ts';

/** What a tab tells the leader. `attachment` counts how often the tab has attached to a leader; 0 before the first time. */
export type TabNotice =
  /** The tab is alive, and asks whether the leader is. */
  | { readonly kind: 'ask'; readonly tab: string; readonly attachment: number }
  /**
   * Frames as a client sends them to the hub, as JSON. An `attachment` begins with none. The frames are for the leader of
   * this term alone: a leader whose lock was stolen, and who has not noticed, must not send them as well.
   */
  | {
      readonly kind: 'frames';
      readonly tab: string;
      readonly attachment: number;
      readonly term: number;
      readonly frames: readonly string[];
    }
  | { readonly kind: 'part'; readonly tab: string }
  /** The user has signed in or out. */
  | { readonly kind: 'token'; readonly tab: string; readonly token: string | undefined };

/** What the leader tells all tabs at once. */
export type LeaderNotice =
  | {
      readonly kind: 'heartbeat';
      readonly leader: Omit<LeaderReport, 'term'>;
      /** The client id that all tabs have at the hub, because the next leader goes on with it. */
      readonly client: string;
      /** Every tab has received everything up to this position. */
      readonly position: string | undefined;
    }
  | { readonly kind: 'frames'; readonly frames: readonly Addressed[] }
  /** The leader does not know this attachment. */
  | { readonly kind: 'forgotten'; readonly tab: string; readonly attachment: number };

/**
 * A frame as the hub sends it. A reply is for one `tab`. A message or a gap is for all: a tab drops it if it does not read
 * the channel, or has it already.
 */
export interface Addressed {
  readonly tab?: string;
  readonly frame: ServerFrame;
}

/** A notice as the leader posts it. A tab that finds a number missing in `count` has lost a notice, and attaches anew. */
export interface PostedNotice {
  readonly term: number;
  readonly count: number;
  readonly notice: LeaderNotice;
}
