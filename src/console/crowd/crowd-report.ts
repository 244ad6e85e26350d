import type { CrowdState, Herd } from '../../lab/crowd/crowd.ts';
import type { Memory } from '../../lab/crowd/crowd-message.ts';

/** What became of a crowd is told on this channel, with its id after it. */
export const CROWD_CHANNEL = 'console:crowd:';

/** What the page Learn shows of a crowd. */
export type CrowdReport =
  /** `by` is the public id of the visitor who ended it, if one did. */
  | { readonly kind: 'state'; readonly state: CrowdState; readonly by?: string | undefined }
  | ({ readonly kind: 'memory' } & Memory)
  | ({ readonly kind: 'herd' } & Herd)
  | { readonly kind: 'failed'; readonly detail: string };

export type { CrowdState, Herd, Memory };
