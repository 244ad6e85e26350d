import type { PageItem, PageLimit } from '../log.ts';
import { payloadSize } from '../message.ts';

/** The items that fit a page: one message at least, and gaps as they come. */
export function cutPage(items: readonly PageItem[], limit: PageLimit): readonly PageItem[] {
  let messages = 0;
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    if (item.kind === 'gap') continue;
    messages += 1;
    bytes += payloadSize(item.message.payload);
    if (messages > limit.messages || (messages > 1 && bytes > limit.bytes)) return items.slice(0, index);
  }
  return items;
}
