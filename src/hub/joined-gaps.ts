import type { StoredGap } from '../log/gap.ts';
import type { Page, PageItem } from '../log/log.ts';

/** A page's items as a subscriber gets them, and the gaps that the next page may continue. */
export interface JoinedGaps {
  readonly items: readonly PageItem[];
  readonly held: readonly StoredGap[];
}

/**
 * Joins the pieces of gaps: where a gap reaches beyond a page the log tells it up to the page's end and the
 * rest with the next, but for a subscriber it is one, told where it ends.
 */
export function joinGaps(held: readonly StoredGap[], { items, position, more }: Page): JoinedGaps {
  if (held.length === 0 && !(more && items.some(endsPage))) return { items, held };
  const ended = new Set(held);
  const joined: PageItem[] = [];
  const continued: StoredGap[] = [];
  for (const item of items) {
    if (item.kind === 'message') {
      joined.push(item);
      continue;
    }
    const before = held.find(({ channel, to }) => channel === item.gap.channel && isSame(to, item.gap.from));
    if (before) ended.delete(before);
    // Once the epoch broke, what was trimmed after it is a part of that.
    const reason = before?.reason === 'epoch' ? before.reason : item.gap.reason;
    const gap: StoredGap = before ? { ...item.gap, from: before.from, reason } : item.gap;
    if (more && endsPage(item)) continued.push(gap);
    else joined.push({ kind: 'gap', gap });
  }
  return { items: [...[...ended].map(gapItem), ...joined], held: continued };

  function endsPage(item: PageItem): boolean {
    return item.kind === 'gap' && isSame(item.gap.to, position);
  }
}

function gapItem(gap: StoredGap): PageItem {
  return { kind: 'gap', gap };
}

function isSame(one: StoredGap['to'], other: StoredGap['to']): boolean {
  return one.epoch === other.epoch && one.sequence === other.sequence;
}
