import type { Position } from '../../protocol/position.ts';
import type { StoredGap } from '../gap.ts';
import type { PageItem, PageLimit } from '../log.ts';
import { payloadSize, type StoredMessage } from '../message.ts';

export interface CutPage {
  readonly items: readonly PageItem[];
  /** Where it was cut; undefined when everything fits. */
  readonly end: Position | undefined;
}

/**
 * The gaps, and of the messages as many as fit a page, in order: one at least. Gaps stand in front, whole, as it is not
 * known where between the messages each of the lost ones was: a reader that is cut off anywhere has seen all gaps behind it.
 */
export function cutPage(
  gaps: readonly StoredGap[],
  messages: readonly StoredMessage[],
  limit: PageLimit,
): CutPage {
  const ordered = [...messages].sort((a, b) => a.sequence - b.sequence);
  let bytes = 0;
  const beyond = ordered.findIndex((message, index) => {
    bytes += payloadSize(message.payload);
    return index > 0 && (index >= limit.messages || bytes > limit.bytes);
  });
  const kept = beyond === -1 ? ordered : ordered.slice(0, beyond);
  const items = [
    ...gaps.map((gap) => ({ kind: 'gap', gap }) as const),
    ...kept.map((message) => ({ kind: 'message', message }) as const),
  ];
  return { items, end: beyond === -1 ? undefined : positionOf(kept.at(-1)!) };
}

/** The position alone of what has one. */
function positionOf({ epoch, sequence }: Position): Position {
  return { epoch, sequence };
}
