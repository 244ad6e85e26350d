import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredGap } from '../../log/gap.ts';
import type { Page } from '../../log/log.ts';
import type { Position } from '../../protocol/position.ts';
import { pause, type Runtime } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Feed } from './feed.ts';
import type { Sink } from './sink.ts';
import { untoldItems } from './told-gaps.ts';

/**
 *            ┌──────────────────── fallBehind ───────────────────┐
 *            ▼                                                   │
 *  ┌──► waiting ──drained──► reading ──at tip──► joining ──► live
 *  └────── sink full ───────────┘                    (any) ──end──► ended
 */
type CursorState =
  /** A page is on its way from the log. `told`: gaps that it may repeat. */
  | { readonly kind: 'reading'; readonly from: Start; readonly told: readonly StoredGap[] }
  /** The sink takes nothing; the log keeps the place. */
  | {
      readonly kind: 'waiting';
      readonly from: Start;
      readonly told: readonly StoredGap[];
      readonly position: Position | undefined;
    }
  /** The feed may bring once more what came up to `position`. */
  | { readonly kind: 'joining'; readonly position: Position }
  /** It stands where its feed does. */
  | { readonly kind: 'live' }
  | { readonly kind: 'ended' };

const LIVE: CursorState = { kind: 'live' };
const ENDED: CursorState = { kind: 'ended' };

/** What becomes of messages that a sink had no room for: each is read from the log once it has, or all but the newest are skipped. */
export type CursorPolicy = 'catch-up' | 'skip';

/** What a cursor needs of the hub. */
export interface CursorHost {
  readonly runtime: Runtime;
  read(feed: Feed, start: Start, policy: CursorPolicy): Promise<Page>;
  /** Writes a page to a sink, encoded, and accounts for it. */
  deliver(page: Page, sink: Sink): void;
  leave(feed: Feed, cursor: Cursor): void;
  /** A cursor begins to wait for its sink, or no longer does. */
  waits(begins: boolean): void;
  /** The newest position that every live cursor has been given everything up to. */
  tip(): Position | undefined;
  /** A read failed: it is tried again. */
  onError(error: unknown): void;
}

/** How long to leave a log alone that did not answer. */
const RETRY_READ_MS = 1_000;

/** A subscriber's place in the log. It catches up by pages and then follows its feed live. */
export class Cursor {
  readonly sink: Sink;
  readonly feed: Feed;
  /** Among its feed's live cursors; theirs to set. */
  place = -1;
  readonly #host: CursorHost;
  readonly #policy: CursorPolicy;
  #state: CursorState;

  constructor(host: CursorHost, feed: Feed, sink: Sink, start: Start, policy: CursorPolicy) {
    this.#host = host;
    this.#policy = policy;
    this.feed = feed;
    this.sink = sink;
    this.#state = { kind: 'waiting', from: start, told: [], position: undefined };
    host.waits(true);
  }

  get live(): boolean {
    return this.#state.kind === 'joining' || this.#state.kind === 'live';
  }

  get lagging(): boolean {
    return this.#state.kind === 'waiting';
  }

  /** Everything up to here was written to its sink. Undefined until the first page, and while one is read. */
  get position(): Position | undefined {
    const state = this.#state;
    if (state.kind === 'live') return this.feed.position;
    if (state.kind === 'joining' || state.kind === 'waiting') return state.position;
    return undefined;
  }

  /**
   * How far it is from the newest message of its channels, in positions of the log: at least as many as the messages
   * that it has to catch up with, as those of other channels have positions too. 0 while live; undefined while
   * it is not known, before the first page or the feed's first message.
   */
  get behind(): number | undefined {
    const state = this.#state;
    if (state.kind === 'joining' || state.kind === 'live') return 0;
    const goal = this.feed.position;
    if (state.kind === 'ended' || state.from.kind !== 'after') return undefined;
    const { position } = state.from;
    return goal?.epoch === position.epoch ? Math.max(0, goal.sequence - position.sequence) : undefined;
  }

  /** Reads on from the log, if it waits. Resolves when it is live, waits again or has ended. */
  async resume(): Promise<void> {
    const waiting = this.#state;
    if (waiting.kind !== 'waiting') return;
    const { from, told } = waiting;
    let state = this.#become({ kind: 'reading', from, told });
    while (state.kind === 'reading') {
      const { interruptions } = this.feed;
      const page: Page | undefined = await this.#host
        .read(this.feed, state.from, this.#policy)
        .catch(async (error: unknown) => {
          // The log may have been closed under a reader that had gone.
          if (this.#state !== state) return undefined;
          this.#host.onError(error);
          await pause(this.#host.runtime, RETRY_READ_MS);
          return undefined;
        });
      if (this.#state !== state) return;
      if (page) state = this.#become(this.#take(state, page, interruptions));
      if (state.kind === 'joining') this.feed.join(this, this.#host.tip());
      // A long history must not keep others from being served, and a log that told of more than it has must not either.
      if (state.kind === 'reading') await nextTurn();
      if (this.#state !== state) return;
    }
  }

  /**
   * Takes its place without reading, where a page ended that was read while its feed was followed. False
   * if something may have been missed since.
   * @param interruptions of the feed, from before the page was read
   */
  joinAt(position: Position, interruptions: number): boolean {
    if (this.#state.kind !== 'waiting') return false;
    if (this.feed.interruptions !== interruptions || !this.feed.isCaughtUp(position)) return false;
    this.#become({ kind: 'joining', position });
    this.feed.join(this, this.#host.tip());
    return true;
  }

  /** The feed brings only what it does not have. */
  joined(): void {
    this.#become(LIVE);
  }

  /** The sink was full when something came, or the feed can't vouch for its order: read it from the log. */
  fallBehind(position: Position): void {
    if (this.#state.kind === 'ended') return;
    this.#become({ kind: 'waiting', from: { kind: 'after', position }, told: [], position });
    if (this.sink.writable) void this.resume();
  }

  end(): void {
    if (this.#state.kind === 'ended') return;
    this.#become(ENDED);
    this.#host.leave(this.feed, this);
  }

  #become(state: CursorState): CursorState {
    const waited = this.lagging;
    this.#state = state;
    if (this.lagging !== waited) this.#host.waits(!waited);
    return state;
  }

  /** @param interruptions of the feed, as they were before the page was read */
  #take(reading: CursorState & { kind: 'reading' }, page: Page, interruptions: number): CursorState {
    const { position } = page;
    const { items, told } = untoldItems(reading.told, page);
    if (items.length > 0) {
      if (!this.sink.writable) return { ...reading, kind: 'waiting', position: undefined };
      this.#host.deliver({ ...page, items }, this.sink);
      if (this.#state.kind === 'ended') return this.#state;
    }
    // A cursor that joins the feed on the strength of this page must have missed nothing since.
    const current = this.feed.interruptions === interruptions && this.feed.isCaughtUp(position);
    if (current && !page.more) return { kind: 'joining', position };
    const from: Start = { kind: 'after', position };
    return this.sink.writable ? { kind: 'reading', from, told } : { kind: 'waiting', from, told, position };
  }
}
