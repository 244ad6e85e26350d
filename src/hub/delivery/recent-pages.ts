import type { Page } from '../../log/log.ts';
import { formatPosition, type Position, reaches } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import type { Due, SecondWheel } from '../connections/second-wheel.ts';
import { EncodeOnce, sizeOf } from './encode-once.ts';
import type { Feed } from './feed.ts';
import type { Format } from './format.ts';

/** Payload and overhead of what is kept, read and encoded; above it everything is let go and kept anew. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Those who were cut together come back within moments. */
const KEPT_SECONDS = 1;
/** What a page takes beside its items, about. */
const PAGE_BYTES = 512;

interface RecentPage {
  readonly reading: Promise<Page>;
  /** Undefined until it is there. */
  page: Page | undefined;
}

/**
 * What cursors that catch up share. When thousands come back at once, or a log was interrupted, those of one
 * feed that stand at one place read a single page and take a single chunk, and those that stand apart come
 * together at the end of a page, and share what each message was encoded to until then.
 *
 * A page kept is as good as one that came late from the log: its feed has followed the channels since
 * before it was read, so that the feed brings whatever it lacks.
 */
export class RecentPages implements Due {
  readonly #wheel: SecondWheel;
  readonly #ofFeed = new Map<Feed, Map<string, RecentPage>>();
  readonly #once = new EncodeOnce();
  /** By a page's items. */
  #chunks = new WeakMap<Page['items'], Map<Format, unknown>>();
  #bytes = 0;

  constructor(wheel: SecondWheel) {
    this.#wheel = wheel;
  }

  /** The page of a feed from a start on: what another cursor has asked for, else what `read` brings. */
  read(feed: Feed, start: Start, read: () => Promise<Page>): Promise<Page> {
    const key = keyOf(start);
    if (key === undefined) return read();
    let pages = this.#ofFeed.get(feed);
    if (!pages) this.#ofFeed.set(feed, (pages = new Map()));
    const known = pages.get(key);
    if (known && !isOvertaken(known, feed)) return known.reading;
    const recent: RecentPage = { reading: this.#take(read(), pages, key), page: undefined };
    pages.set(key, recent);
    return recent.reading;
  }

  chunk(format: Format, page: Page): unknown {
    let chunks = this.#chunks.get(page.items);
    if (!chunks) this.#chunks.set(page.items, (chunks = new Map()));
    let chunk = chunks.get(format);
    if (chunk === undefined) {
      const { bytes } = this.#once;
      chunks.set(format, (chunk = this.#once.chunk(format, page)));
      this.#account(this.#once.bytes - bytes);
    }
    return chunk;
  }

  /** The live feed may have missed something: what was read before does not count any more. */
  forget(feed: Feed): void {
    this.#ofFeed.delete(feed);
  }

  due(): void {
    this.#ofFeed.clear();
    this.#once.clear();
    this.#chunks = new WeakMap();
    this.#bytes = 0;
  }

  async #take(reading: Promise<Page>, pages: Map<string, RecentPage>, key: string): Promise<Page> {
    try {
      const page = cutWhereOthersRead(await reading, pages);
      const recent = pages.get(key);
      if (recent) recent.page = page;
      this.#account(page.items.reduce((sum, item) => sum + sizeOf(item), PAGE_BYTES));
      return page;
    } catch (error) {
      pages.delete(key);
      throw error;
    }
  }

  #account(bytes: number): void {
    if (this.#bytes === 0) this.#wheel.plan(this, KEPT_SECONDS);
    this.#bytes += bytes;
    if (this.#bytes > KEPT_BYTES) this.due();
  }
}

/** Whether the feed has moved on, also while the page was on its way: whoever takes it would have to read again, for ever. */
function isOvertaken({ page }: RecentPage, feed: Feed): boolean {
  return page !== undefined && !page.more && !feed.isCaughtUp(page.position);
}

/** The newest few are another answer to everyone who asks for them. */
function keyOf(start: Start): string | undefined {
  if (start.kind === 'after') return formatPosition(start.position);
  return start.kind === 'start' ? start.kind : undefined;
}

/**
 * A page that has more behind it ends where another one ended, if it can: whoever reads on from there finds
 * the next page read already. A page with gaps stays whole.
 */
function cutWhereOthersRead(page: Page, pages: ReadonlyMap<string, RecentPage>): Page {
  const [first] = page.items;
  // Gaps stand in front.
  if (!page.more || first?.kind !== 'message') return page;
  let end: Position | undefined;
  for (const { page: other } of pages.values()) {
    if (!other?.more || !reaches(other.position, first.message)) continue;
    if (!reaches(page.position, other.position)) continue;
    if (!end || reaches(other.position, end)) end = other.position;
  }
  if (!end) return page;
  const { sequence } = end;
  return {
    items: page.items.filter((item) => item.kind === 'message' && item.message.sequence <= sequence),
    position: end,
    more: true,
  };
}
