import type { ServerFrame } from '../../protocol/frames.ts';
import type { Leader } from './state.ts';

/** What a tab says to the leader. `link` counts how often it has begun anew; 0 before the first time. */
export type Word =
  /** A sign of life, that asks for one. */
  | { readonly kind: 'ask'; readonly tab: string; readonly link: number }
  /**
   * Frames as a client sends them to the hub, as JSON; none at the beginning of a `link`. For the leader of this term alone:
   * one that was robbed of the lock and has not noticed must not do them as well.
   */
  | {
      readonly kind: 'frames';
      readonly tab: string;
      readonly link: number;
      readonly term: number;
      readonly frames: readonly string[];
    }
  | { readonly kind: 'part'; readonly tab: string }
  /** The user has signed in, or out. */
  | { readonly kind: 'token'; readonly tab: string; readonly token: string | undefined };

/** What the leader says to all tabs at once. */
export type Answer =
  | {
      readonly kind: 'beat';
      readonly leader: Omit<Leader, 'term'>;
      /** The name that the tabs have in common at the hub: the next leader goes on with it. */
      readonly client: string;
      /** Every tab has got everything up to here. */
      readonly position: string | undefined;
    }
  | { readonly kind: 'frames'; readonly frames: readonly Addressed[] }
  /** The leader knows nothing of this link, or not any more. */
  | { readonly kind: 'forgotten'; readonly tab: string; readonly link: number };

/** A frame as the hub sends it, for the tab that it answers, or a message or gap for all: a tab drops what it does not read, or has had. */
export interface Addressed {
  readonly tab?: string;
  readonly frame: ServerFrame;
}

/** An answer as it is posted. One that is missing in the count has been lost: a tab then begins anew from its positions. */
export interface Posted {
  readonly term: number;
  readonly count: number;
  readonly answer: Answer;
}
