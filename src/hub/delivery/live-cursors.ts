import type { Position } from '../../protocol/position.ts';
import type { Cursor } from './cursor.ts';
import type { ManySinks } from './many-sinks.ts';
import type { Sink } from './sink.ts';

/** The live cursors of one feed whose sinks take the same format. What is hot in fan-out is this loop. */
export class LiveCursors {
  // Literals of one: an array that grows by `push` makes room for seventeen, and most feeds have few cursors.
  readonly #cursors: Cursor[];
  /** The cursors' sinks, in their order: a delivery touches nothing of a cursor, whose memory would have to be fetched for it. */
  readonly #sinks: Sink[];
  /** From which end the last chunk was written. */
  #fromStart = true;

  constructor(first: Cursor) {
    first.place = 0;
    this.#cursors = [first];
    this.#sinks = [first.sink];
  }

  get empty(): boolean {
    return this.#cursors.length === 0;
  }

  add(cursor: Cursor): void {
    cursor.place = this.#cursors.push(cursor) - 1;
    this.#sinks.push(cursor.sink);
  }

  remove(cursor: Cursor): void {
    if (this.#cursors[cursor.place] === cursor) this.#removeAt(cursor.place);
  }

  /** Sends all of them back to the log, to read on from a position. */
  fallBehind(position: Position): void {
    this.#sinks.length = 0;
    for (const cursor of this.#cursors.splice(0)) cursor.fallBehind(position);
  }

  /**
   * Writes a chunk to every sink; a cursor whose sink takes nothing falls behind, to `before`. Returns how many took
   * it. A sink may end its own cursor meanwhile, but no other.
   * @param many writes bytes to those sinks at once whose sockets take them past their streams
   */
  write(chunk: unknown, before: Position | undefined, many?: ManySinks): number {
    let taken = 0;
    const common = chunk instanceof Uint8Array ? chunk : undefined;
    // The other way round each time: those written to last are in the processor's caches still, and nobody is the last always.
    this.#fromStart = !this.#fromStart;
    let index = this.#fromStart ? 0 : this.#sinks.length - 1;
    for (let left = this.#sinks.length; left > 0; left--) {
      const sink = this.#sinks[index]!;
      const cursor = this.#cursors[index]!;
      if (sink.writable) {
        const bytes = common ?? sink.bytesOf?.(chunk);
        if (!bytes || !many?.take(sink, bytes)) sink.write(bytes ?? chunk);
        taken += 1;
      } else {
        this.#removeAt(index);
        cursor.fallBehind(before!);
      }
      if (!this.#fromStart) index -= 1;
      // One that has left gave its place to the last one.
      else if (this.#cursors[index] === cursor) index += 1;
    }
    many?.flush();
    return taken;
  }

  #removeAt(index: number): void {
    const last = this.#cursors.pop()!;
    const sink = this.#sinks.pop()!;
    if (index === this.#cursors.length) return;
    last.place = index;
    this.#cursors[index] = last;
    this.#sinks[index] = sink;
  }
}
