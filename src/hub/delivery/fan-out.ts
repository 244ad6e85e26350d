import type { Follower, Log, Page } from '../../log/log.ts';
import type { StoredMessage } from '../../log/message.ts';
import type { NativeWriter } from '../../native/native-writer.ts';
import type { Position } from '../../protocol/position.ts';
import type { Runtime } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Due, SecondWheel } from '../connections/second-wheel.ts';
import type { Meter } from '../meter.ts';
import { seldom } from '../seldom.ts';
import { Cursor, type CursorHost, type CursorPolicy } from './cursor.ts';
import { EncodeOnce } from './encode-once.ts';
import { Feed } from './feed.ts';
import { ManySinks } from './many-sinks.ts';
import { RecentPages } from './recent-pages.ts';
import type { Sink } from './sink.ts';
import { skipToNewest } from './skip.ts';

/** A batch is written early when it has grown to this: no client costs more than its socket and one batch. */
const BATCH_BYTES = 64 * 1024;
const PAGE = { messages: 256, bytes: BATCH_BYTES };

export interface FanOutEvents {
  occupied(channel: string): void;
  vacated(channel: string): void;
  error(error: unknown): void;
}

/**
 * How long a feed without cursors is kept, in seconds: between two long polls nobody listens, and neither
 * the log nor the program need hear of it.
 */
const LINGER_SECONDS = 2;

interface FeedEntry extends Due {
  readonly feed: Feed;
  cursors: number;
  /** True once the log announces every append. */
  followed: Promise<unknown> | true | undefined;
}

/**
 * Carries what is appended to every subscriber. Publishing only marks the feeds of the channel; once a
 * tick each marked feed is flushed, so that messages that came together leave together.
 */
export class FanOut implements Follower, CursorHost {
  readonly runtime: Runtime;
  readonly #log: Log;
  readonly #meter: Meter;
  readonly #wheel: SecondWheel;
  readonly #events: FanOutEvents;
  readonly #sharesWindow: (channel: string) => boolean;
  /** A read failed: it is tried again. */
  readonly onError: (error: unknown) => void;
  readonly #feeds = new Map<string, FeedEntry>();
  readonly #feedsOf = new Map<string, Feed[]>();
  /** Those that have something pending, in the order in which it came. */
  #dirty: Feed[] = [];
  readonly #once = new EncodeOnce();
  readonly #recent: RecentPages;
  readonly #many: ManySinks | undefined;
  #tip: Position | undefined;
  #lagging = 0;
  #flushing: NodeJS.Immediate | undefined;

  /**
   * @param sharesWindow whether a channel's messages may be written as what they have in common
   * @param writer writes to many sockets at once
   */
  constructor(
    log: Log,
    meter: Meter,
    wheel: SecondWheel,
    events: FanOutEvents,
    sharesWindow: (channel: string) => boolean = () => false,
    writer?: NativeWriter,
  ) {
    this.#log = log;
    this.#meter = meter;
    this.#wheel = wheel;
    this.#events = events;
    this.#sharesWindow = sharesWindow;
    this.runtime = wheel.runtime;
    this.onError = seldom(events.error, wheel.runtime);
    this.#recent = new RecentPages(wheel);
    this.#many = writer && new ManySinks(writer);
  }

  /**
   * Subscribes a sink to a set of channels; nothing is read before `resume`.
   * @throws TypeError for a cursor over several channels that is to skip: each has a newest message of its own
   */
  open(channels: readonly string[], sink: Sink, start: Start, policy: CursorPolicy = 'catch-up'): Cursor {
    if (policy === 'skip' && channels.length > 1) throw new TypeError('a cursor that skips has one channel');
    const key = keyOf(channels);
    let entry = this.#feeds.get(key);
    if (!entry) {
      const sorted = key.split(',');
      const feed = new Feed(sorted, sorted.every(this.#sharesWindow));
      entry = { feed, cursors: 0, followed: undefined, due: () => this.#forget(feed) };
      this.#feeds.set(key, entry);
      for (const channel of sorted) this.#occupy(channel, entry.feed);
    }
    if (entry.cursors === 0) this.#wheel.cancel(entry);
    entry.cursors += 1;
    return new Cursor(this, entry.feed, sink, start, policy);
  }

  /** The feed of these channels, if the log announces every append to it: the feed brings what a page that is read from now on lacks. */
  followed(channels: readonly string[]): Feed | undefined {
    const entry = this.#feeds.get(keyOf(channels));
    return entry?.followed === true ? entry.feed : undefined;
  }

  /** Live subscribers of a channel on this node. */
  count(channel: string): number {
    let count = 0;
    for (const feed of this.#feedsOf.get(channel) ?? []) count += this.#entryOf(feed)?.cursors ?? 0;
    return count;
  }

  /** Live subscribers of every channel on this node. */
  subscribers(): Map<string, number> {
    return new Map([...this.#feedsOf.keys()].map((channel) => [channel, this.count(channel)]));
  }

  /** Cursors that wait for their sinks. */
  get lagging(): number {
    return this.#lagging;
  }

  waits(begins: boolean): void {
    this.#lagging += begins ? 1 : -1;
  }

  tip(): Position | undefined {
    return this.#tip;
  }

  async read(feed: Feed, asked: Start, policy: CursorPolicy): Promise<Page> {
    // `now` is when it was asked for, not when the channels are followed.
    const start = asked.kind === 'now' ? await this.#pinned(feed, asked) : asked;
    const entry = this.#entryOf(feed);
    if (entry && entry.followed !== true) {
      entry.followed ??= Promise.all(feed.channels.map((channel) => this.#log.follow(channel)));
      await entry.followed.catch((error: unknown) => {
        entry.followed = undefined;
        throw error;
      });
      entry.followed = true;
    }
    if (policy === 'skip' && start.kind === 'after') {
      const newest = await skipToNewest(this.#log, feed.channels[0]!, start.position);
      if (newest) return newest;
    }
    return this.#recent.read(feed, start, () => this.#log.read(feed.channels, start, PAGE));
  }

  deliver(page: Page, sink: Sink): void {
    this.#meter.page(page);
    sink.write(this.#recent.chunk(sink.format, page));
  }

  leave(feed: Feed, cursor: Cursor): void {
    feed.leave(cursor);
    // A feed is kept while it has cursors, and each leaves once.
    const entry = this.#entryOf(feed)!;
    entry.cursors -= 1;
    if (entry.cursors === 0) this.#wheel.plan(entry, LINGER_SECONDS);
  }

  appended(message: StoredMessage): void {
    this.#tip = message;
    const feeds = this.#feedsOf.get(message.channel);
    if (!feeds) return;
    this.#meter.tickBegins();
    let full = false;
    const isShared = feeds.length > 1;
    for (const feed of feeds) {
      if (feed.push(message, isShared)) this.#dirty.push(feed);
      full ||= feed.pendingBytes >= BATCH_BYTES;
    }
    if (full) this.flush();
    else this.#flushing ??= setImmediate(() => this.flush());
  }

  interrupted(): void {
    this.#tip = undefined;
    for (const { feed } of this.#feeds.values()) {
      this.#recent.forget(feed);
      feed.interrupt();
    }
    this.#dirty = [];
  }

  /** Writes now what would be written at the end of the tick. */
  flush(): void {
    if (this.#flushing) clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const feed of dirty) this.#meter.delivered(feed.flush(this.#once, this.#many));
    this.#once.clear();
    this.#meter.tickEnds();
  }

  async #pinned(feed: Feed, now: Start): Promise<Start> {
    const { position } = await this.#log.read(feed.channels, now, PAGE);
    return { kind: 'after', position };
  }

  #forget(feed: Feed): void {
    this.#feeds.delete(keyOf(feed.channels));
    for (const channel of feed.channels) this.#vacate(channel, feed);
  }

  #entryOf(feed: Feed): FeedEntry | undefined {
    return this.#feeds.get(keyOf(feed.channels));
  }

  #occupy(channel: string, feed: Feed): void {
    const feeds = this.#feedsOf.get(channel);
    if (feeds) {
      feeds.push(feed);
      return;
    }
    this.#feedsOf.set(channel, [feed]);
    this.#events.occupied(channel);
  }

  #vacate(channel: string, feed: Feed): void {
    const feeds = this.#feedsOf.get(channel);
    if (!feeds) return;
    feeds.splice(feeds.indexOf(feed), 1);
    if (feeds.length > 0) return;
    this.#feedsOf.delete(channel);
    this.#log.unfollow(channel);
    this.#events.vacated(channel);
  }
}

/** The same for every order of the same channels. */
function keyOf(channels: readonly string[]): string {
  return channels.length === 1 ? channels[0]! : [...new Set(channels)].sort().join(',');
}
