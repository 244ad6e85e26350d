import type { StoredGap } from '../../log/gap.ts';
import type { Page, PageItem } from '../../log/log.ts';

/** A page's items that are news to a subscriber, and the gaps that the next page may repeat. */
export interface UntoldItems {
  readonly items: readonly PageItem[];
  readonly told: readonly StoredGap[];
}

/**
 * Leaves out what a subscriber has been told of: a gap is told whole in front of a page, and the next page, which starts
 * before the gap's end, knows nothing of that.
 */
export function untoldItems(told: readonly StoredGap[], { items, position }: Page): UntoldItems {
  const gaps = items.flatMap((item) => (item.kind === 'gap' ? item.gap : []));
  if (gaps.length === 0 && told.length === 0) return { items, told };
  const repeated = new Map(gaps.map((gap) => [gap, told.find((before) => isOfOne(before, gap))]));
  const untold = items.flatMap((item): PageItem | [] => {
    const before = item.kind === 'gap' ? repeated.get(item.gap) : undefined;
    if (item.kind === 'message' || !before) return item;
    if (item.gap.to.sequence <= before.to.sequence) return [];
    return { kind: 'gap', gap: { ...item.gap, from: before.to } };
  });
  const reaching = [...told, ...gaps].filter(
    ({ to }) => to.epoch === position.epoch && to.sequence > position.sequence,
  );
  const newest = new Map(reaching.map((gap) => [gap.channel, gap]));
  return { items: untold, told: [...newest.values()] };
}

function isOfOne(before: StoredGap, gap: StoredGap): boolean {
  return before.channel === gap.channel && before.to.epoch === gap.to.epoch;
}
