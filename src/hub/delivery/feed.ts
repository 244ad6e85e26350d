import type { PageItem } from '../../log/log.ts';
import { payloadSize, type StoredMessage } from '../../log/message.ts';
import { type Position, reaches } from '../../protocol/position.ts';
import type { Cursor } from './cursor.ts';
import { EncodeOnce } from './encode-once.ts';
import type { Batch, Format } from './format.ts';
import { LiveCursors } from './live-cursors.ts';
import type { ManySinks } from './many-sinks.ts';

type MessageItem = Extract<PageItem, { readonly kind: 'message' }>;

/**
 * The live cursors of one set of channels. All of them stand at the same place, so whatever a tick
 * brought is one chunk for each format, and delivering it is one write for each cursor.
 */
export class Feed {
  readonly channels: readonly string[];
  pendingBytes = 0;
  /** How often it may have missed something. */
  interruptions = 0;
  /** Up to here the live cursors have been given everything. */
  #position: Position | undefined;
  /** The same before the first message. Any of theirs would do: nothing of these channels lies between. */
  #beginning: Position | undefined;
  #pending: MessageItem[] = [];
  /** Whether other feeds have something of what is pending, too. */
  #isShared = false;
  /** Cursors that came since the last flush; they may have read some of what is pending. */
  readonly #joining = new Set<Cursor>();
  readonly #live = new Map<Format, LiveCursors>();
  readonly #sharesWindow: boolean;

  /** @param sharesWindow whether one message may be written as what it has in common with others */
  constructor(channels: readonly string[], sharesWindow: boolean) {
    this.channels = channels;
    this.#sharesWindow = sharesWindow;
  }

  /** Where the live cursors stand: what a cursor that is behind has to reach. Undefined before the first of them, and of the messages. */
  get position(): Position | undefined {
    return this.#position ?? this.#beginning;
  }

  /**
   * Tells whether nothing was pending before.
   * @param isShared whether other feeds have it, too
   */
  push(message: StoredMessage, isShared: boolean): boolean {
    if (isShared) this.#isShared = true;
    this.pendingBytes += payloadSize(message.payload);
    return this.#pending.push({ kind: 'message', message }) === 1;
  }

  /** Whether a cursor that has read up to `position` misses nothing that was flushed already. */
  isCaughtUp(position: Position): boolean {
    const flushed = this.#position;
    return !flushed || flushed.epoch !== position.epoch || flushed.sequence <= position.sequence;
  }

  /**
   * Delivers to a cursor what comes after its position.
   * @param tip up to which everything has come
   */
  join(cursor: Cursor, tip: Position | undefined): void {
    const position = cursor.position!;
    // Nothing that it has read can come any more.
    if (this.#pending.length === 0 && tip && reaches(tip, position)) {
      this.#beginning ??= position;
      this.#goLive(cursor);
    } else this.#joining.add(cursor);
  }

  leave(cursor: Cursor): void {
    if (this.#joining.delete(cursor)) return;
    const { format } = cursor.sink;
    const cursors = this.#live.get(format);
    cursors?.remove(cursor);
    // There may be as many formats as subscribers, where those choose what they want of a message.
    if (cursors?.empty) this.#live.delete(format);
  }

  /** Gives all that is pending to every live cursor; one whose sink takes nothing falls behind. Returns how many messages were delivered. */
  flush(once: EncodeOnce, many?: ManySinks): number {
    const items = this.#pending;
    if (items.length === 0) return 0;
    this.#pending = [];
    this.pendingBytes = 0;
    const isAlone = !this.#isShared && this.#live.size === 1 && this.#joining.size === 0;
    this.#isShared = false;
    const before = this.position;
    const position = items.at(-1)!.message;
    this.#position = position;
    const stretch = this.#sharesWindow ? { feed: this, after: before } : undefined;
    const batch: Batch = { items, position, more: false, stretch };

    let deliveries = 0;
    /** For those who join, if any do. */
    const chunks = this.#joining.size > 0 ? new Map<Format, unknown>() : undefined;
    for (const [format, cursors] of this.#live) {
      // All may have fallen behind: what nobody takes is not worth encoding.
      if (cursors.empty) continue;
      const chunk = isAlone ? EncodeOnce.chunk(format, batch) : once.chunk(format, batch);
      chunks?.set(format, chunk);
      deliveries += cursors.write(chunk, before, many) * items.length;
    }
    return chunks ? deliveries + this.#admit(batch, once, chunks) : deliveries;
  }

  /** Sends every cursor back to the log: the live feed may have missed something. */
  interrupt(): void {
    this.interruptions += 1;
    this.#pending = [];
    this.pendingBytes = 0;
    const before = this.position;
    this.#position = this.#beginning = undefined;
    for (const cursors of this.#live.values()) cursors.fallBehind(before!);
    for (const cursor of this.#joining) cursor.fallBehind(cursor.position!);
    this.#joining.clear();
  }

  #goLive(cursor: Cursor): void {
    const { format } = cursor.sink;
    const cursors = this.#live.get(format);
    if (cursors) cursors.add(cursor);
    else this.#live.set(format, new LiveCursors(cursor));
    cursor.joined();
  }

  #admit(batch: Batch, once: EncodeOnce, chunks: Map<Format, unknown>): number {
    const { items, position } = batch;
    let deliveries = 0;
    for (const cursor of this.#joining) {
      const { sink } = cursor;
      const joinedAt = cursor.position!;
      // A log that other nodes append to may have told a reader more than this feed knows of yet.
      if (position.epoch === joinedAt.epoch && position.sequence < joinedAt.sequence) continue;
      this.#joining.delete(cursor);
      // In order, so that the first tells of all: the usual case, and then the chunk is everybody's.
      const fresh = isAfter(items[0]!, joinedAt) ? items : items.filter((item) => isAfter(item, joinedAt));
      if (fresh.length > 0 && !sink.writable) {
        cursor.fallBehind(joinedAt);
        continue;
      }
      this.#goLive(cursor);
      const { format } = sink;
      if (fresh === items && !chunks.has(format)) chunks.set(format, once.chunk(format, batch));
      if (fresh === items) sink.write(chunks.get(format));
      else if (fresh.length > 0) sink.write(once.chunk(format, { items: fresh, position, more: false }));
      deliveries += fresh.length;
    }
    return deliveries;
  }
}

function isAfter(item: PageItem, position: Position): boolean {
  if (item.kind === 'gap') return true;
  return item.message.epoch !== position.epoch || item.message.sequence > position.sequence;
}
