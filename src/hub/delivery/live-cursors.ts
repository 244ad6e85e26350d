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

  constructor(first: Cursor) {
    this.#cursors = [first];
    this.#sinks = [first.sink];
  }

  get empty(): boolean {
    return this.#cursors.length === 0;
  }

  add(cursor: Cursor): void {
    this.#cursors.push(cursor);
    this.#sinks.push(cursor.sink);
  }

  remove(cursor: Cursor): void {
    const index = this.#cursors.lastIndexOf(cursor);
    if (index !== -1) this.#removeAt(index);
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
    const bytes = many && chunk instanceof Uint8Array ? chunk : undefined;
    // From the end, as a cursor that leaves gives its place to the last one.
    for (let index = this.#sinks.length - 1; index >= 0; index--) {
      const sink = this.#sinks[index]!;
      if (sink.writable) {
        if (!bytes || !many!.take(sink, bytes)) sink.write(chunk);
        taken += 1;
      } else {
        const cursor = this.#cursors[index]!;
        this.#removeAt(index);
        cursor.fallBehind(before!);
      }
    }
    if (bytes) many!.flush(bytes);
    // The other way round next time: those written to last are in the processor's caches still, and nobody is the last always.
    if (this.#sinks.length > 1) {
      this.#cursors.reverse();
      this.#sinks.reverse();
    }
    return taken;
  }

  #removeAt(index: number): void {
    this.#cursors[index] = this.#cursors.at(-1)!;
    this.#sinks[index] = this.#sinks.at(-1)!;
    this.#cursors.pop();
    this.#sinks.pop();
  }
}
