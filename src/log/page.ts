import type { Position } from '../protocol/position.ts';
import type { PageItem, PageLimit } from './log.ts';
import { payloadSize } from './message.ts';

export interface CutPage {
  readonly items: readonly PageItem[];
  /** Where it was cut; undefined when everything fits. */
  readonly end: Position | undefined;
}

/**
 * The items that fit a page: one message at least, and gaps as they come. A gap that reaches beyond the
 * page is told of up to its end: the next page starts there, and knows nothing of what lies before.
 */
export function cutPage(items: readonly PageItem[], limit: PageLimit): CutPage {
  let messages = 0;
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    if (item.kind === 'gap') continue;
    messages += 1;
    bytes += payloadSize(item.message.payload);
    if (messages <= limit.messages && (messages === 1 || bytes <= limit.bytes)) continue;
    const end = placeOf(items[index - 1]!);
    const gaps = items
      .slice(index)
      .flatMap((later) => (later.kind === 'gap' ? { ...later.gap, to: end } : []));
    // Behind the message of the same place, so that whoever resumes from a gap has that message.
    return { items: [...items.slice(0, index), ...gaps.map((gap) => ({ kind: 'gap', gap }) as const)], end };
  }
  return { items, end: undefined };
}

export function placeOf(item: PageItem): Position {
  const { epoch, sequence } = item.kind === 'message' ? item.message : item.gap.to;
  return { epoch, sequence };
}
