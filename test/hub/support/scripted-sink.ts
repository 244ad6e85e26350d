import type { Format } from '../../../src/hub/delivery/format.ts';
import type { Sink } from '../../../src/hub/delivery/sink.ts';
import type { PageItem } from '../../../src/log/log.ts';

/** Items as they are; counts what it encodes. */
export function countingFormat(): Format<PageItem, readonly PageItem[]> & { readonly encoded: number } {
  let encoded = 0;
  return {
    get encoded() {
      return encoded;
    },
    encode(item) {
      encoded += 1;
      return item;
    },
    join: (items) => items,
  };
}

/** A sink that is full when a test says so. */
export class ScriptedSink implements Sink {
  readonly format: Format<PageItem, readonly PageItem[]>;
  readonly chunks: (readonly PageItem[])[] = [];
  /** Writes it takes until it is full. */
  takes = Number.POSITIVE_INFINITY;
  onWrite: () => void = () => {};

  constructor(format: Format<PageItem, readonly PageItem[]> = countingFormat()) {
    this.format = format;
  }

  get writable(): boolean {
    return this.takes > 0;
  }

  write(chunk: unknown): void {
    if (!this.writable) throw new Error('written to while it was full');
    this.takes -= 1;
    this.chunks.push(chunk as readonly PageItem[]);
    this.onWrite();
  }

  get items(): PageItem[] {
    return this.chunks.flat();
  }

  /** Sequences of the messages, in the order they came. */
  get sequences(): number[] {
    return this.items.flatMap((item) => (item.kind === 'message' ? item.message.sequence : []));
  }
}
