import type { PageItem } from '../log/log.ts';
import type { Batch, Format } from './format.ts';

type Encode = Format['encode'];

/**
 * Keeps what was encoded while one tick is flushed: a message that several sets of channels share is
 * serialised once for each wire format. Formats that differ only in `join` share their `encode`.
 */
export class EncodeOnce {
  readonly #parts = new Map<Encode, Map<object, unknown>>();
  /** The last chunk of each format: a feed's live cursors and those that join it take the same. */
  readonly #chunks = new Map<Format, { readonly items: Batch['items']; readonly chunk: unknown }>();

  chunk(format: Format, batch: Batch): unknown {
    const last = this.#chunks.get(format);
    if (last?.items === batch.items) return last.chunk;
    const chunk = this.#join(format, batch);
    this.#chunks.set(format, { items: batch.items, chunk });
    return chunk;
  }

  #join(format: Format, batch: Batch): unknown {
    const parts = this.#partsOf(format.encode);
    return format.join(
      batch.items.map((item) => {
        const subject = subjectOf(item);
        let part = parts.get(subject);
        if (part === undefined) {
          part = format.encode(item);
          parts.set(subject, part);
        }
        return part;
      }),
      batch,
    );
  }

  clear(): void {
    this.#parts.clear();
    this.#chunks.clear();
  }

  #partsOf(encode: Encode): Map<object, unknown> {
    let parts = this.#parts.get(encode);
    if (!parts) this.#parts.set(encode, (parts = new Map()));
    return parts;
  }
}

function subjectOf(item: PageItem): object {
  return item.kind === 'message' ? item.message : item.gap;
}
