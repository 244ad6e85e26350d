import { constants, deflateRawSync } from 'node:zlib';
import type { Stretch } from '../hub/delivery/format.ts';

/*
 * Compressed once, with a window that all readers of a feed have in common. An inflater needs the bytes that came
 * last, and it does not matter to it how they were written: whoever has been given the feed's last few kilobytes, compressed in whatever
 * way, can be given the next message as what it has in common with them. So a message is compressed twice at most: for those readers,
 * and alone for those that came within the last few kilobytes.
 */

/** The window: alike messages gain nothing by a larger one, and it is read anew for each message. */
const WINDOW_BYTES = 4 * 1024;
/** Large messages are like the one before them: it is to be in the window. */
const WINDOW_MESSAGES = 2;
const MAX_WINDOW_BYTES = 16 * 1024;
/** The end of a flush, 00 00 ff ff. */
const TAIL_BYTES = 4;
/** Up to so many bytes the default level takes no longer than the fastest. */
const SMALL_BYTES = 8 * 1024;
/** What is larger would hold the loop for longer than a millisecond or two: it is written as it is, in the compressor's words. */
const LARGE_BYTES = 256 * 1024;

/** Without the end of its flush. */
export function deflatedAlone(bytes: Uint8Array): Buffer {
  return deflated(bytes);
}

function deflated(bytes: Uint8Array, dictionary?: Buffer): Buffer {
  const options = {
    level: levelFor(bytes.length),
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary && { dictionary }),
  };
  const compressed = deflateRawSync(bytes, options);
  return compressed.subarray(0, compressed.length - TAIL_BYTES);
}

function levelFor(length: number): number {
  if (length > LARGE_BYTES) return constants.Z_NO_COMPRESSION;
  return length > SMALL_BYTES ? constants.Z_BEST_SPEED : constants.Z_DEFAULT_COMPRESSION;
}

/** What the readers of a feed were given last, in one wire format. */
class FeedWindow {
  #last: Buffer = Buffer.alloc(0);
  /** How many bytes it has been given. */
  end = 0;
  /** Where the feed stood when it was given the last of them. */
  at: Stretch['after'];

  constructor(at: Stretch['after']) {
    this.at = at;
  }

  /** A reader can read what is compressed next if it has been given all that came from here on. */
  get from(): number {
    return this.end - this.#last.length;
  }

  /** Without the end of its flush. */
  deflate(bytes: Buffer): Buffer {
    const dictionary = this.#last;
    this.end += bytes.length;
    const kept = Math.min(MAX_WINDOW_BYTES, Math.max(WINDOW_BYTES, WINDOW_MESSAGES * bytes.length));
    // Cut first: a part of a large message would keep all of it in memory.
    this.#last = Buffer.concat([dictionary, bytes.subarray(-kept)]).subarray(-kept);
    return dictionary.length === 0 ? deflated(bytes) : deflated(bytes, dictionary);
  }
}

/** How a wire format writes the parts of a chunk. */
export interface WindowedParts {
  /** @param deflate what to compress with; everything that it is given comes into the reader's window, in this order */
  join(deflate: (bytes: Buffer) => Buffer): Buffer;
  /** For a reader that does not take part. */
  separate(): Buffer;
}

/** What a feed gives at once, or a page of the log, for readers of different pasts. */
export class WindowedChunk<Parts extends WindowedParts = WindowedParts> {
  readonly parts: Parts;
  readonly feed: object | undefined;
  readonly window: FeedWindow | undefined;
  /** Of the window's bytes those that a reader must have been given to take what is shared, and where the chunk stands among them. */
  readonly needs: number;
  readonly begin: number;
  readonly end: number;
  readonly shared: Buffer | undefined;
  #alone: Buffer | undefined;
  #separate: Buffer | undefined;

  constructor(parts: Parts, feed?: object, window?: FeedWindow) {
    this.parts = parts;
    this.feed = feed;
    this.window = window;
    this.begin = window?.end ?? 0;
    let needs = this.begin;
    this.shared =
      window &&
      parts.join((bytes) => {
        needs = Math.min(needs, window.from);
        return window.deflate(bytes);
      });
    this.needs = needs;
    this.end = window?.end ?? 0;
  }

  /** For readers that take part, but were not given enough yet. */
  get alone(): Buffer {
    return (this.#alone ??= this.parts.join(deflatedAlone));
  }

  get separate(): Buffer {
    return (this.#separate ??= this.parts.separate());
  }
}

/** The windows of a wire format, by feed. */
export class FeedWindows {
  readonly #byFeed = new WeakMap<object, FeedWindow>();

  /** @param stretch undefined for what is no feed's: nothing is shared then */
  chunk<Parts extends WindowedParts>(
    parts: Parts,
    stretch: Stretch | undefined,
    position: Stretch['after'],
  ): WindowedChunk<Parts> {
    if (!stretch) return new WindowedChunk(parts);
    let window = this.#byFeed.get(stretch.feed);
    // What it was not given, as nobody took this format, its readers were not given either.
    if (!window || window.at !== stretch.after) {
      this.#byFeed.set(stretch.feed, (window = new FeedWindow(stretch.after)));
    }
    const chunk = new WindowedChunk(parts, stretch.feed, window);
    window.at = position;
    return chunk;
  }
}

/**
 *  new ──a feed's chunk──► filling ──another feed's chunk──► mixed
 */
type ReaderState =
  | { readonly kind: 'new' }
  /** It has been given all of the window's bytes from `since` to `end`, and nothing else since. */
  | {
      readonly kind: 'filling';
      readonly feed: object;
      window: FeedWindow | undefined;
      since: number;
      end: number;
    }
  /** Messages of several feeds come to it by turns: none of them can be built upon. */
  | { readonly kind: 'mixed' };

const NEW = { kind: 'new' } as const;
const MIXED = { kind: 'mixed' } as const;

/** What one reader's inflater has in its window. */
export class ReaderWindow {
  #state: ReaderState = NEW;

  /** What of a chunk it can read. */
  choose(chunk: WindowedChunk): Buffer {
    const { feed, window } = chunk;
    if (!feed || !window) {
      this.interrupt();
      return chunk.separate;
    }
    if (this.#state.kind === 'new') {
      this.#state = { kind: 'filling', feed, window: undefined, since: 0, end: 0 };
    }
    const state = this.#state;
    if (state.kind === 'mixed' || state.feed !== feed) {
      this.#state = MIXED;
      return chunk.separate;
    }
    if (state.window !== window || state.end !== chunk.begin) {
      state.window = window;
      state.since = chunk.begin;
    }
    state.end = chunk.end;
    return state.since <= chunk.needs ? chunk.shared! : chunk.alone;
  }

  /** Something else has come into its window. */
  interrupt(): void {
    if (this.#state.kind === 'filling') this.#state.window = undefined;
  }
}
