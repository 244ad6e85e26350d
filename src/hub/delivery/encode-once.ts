import type { PageItem } from '../../log/log.ts';
import { payloadSize } from '../../log/message.ts';
import type { Batch, Format } from './format.ts';

type Encode = Format['encode'];

/** What an item takes beside its payload, about. */
const ITEM_BYTES = 256;

/**
 * Keeps what was encoded, until it is cleared: a message that several sets of channels share, or several
 * pages, is serialised once for each wire format. Formats that differ only in `join` share their `encode`.
 */
export class EncodeOnce {
  /** Keyed by sequence, which is unique in the log: a message that is read twice need not be the same object. */
  readonly #parts = new Map<Encode, Map<number, unknown>>();
  #epoch = '';
  /** Size of what was encoded since it was cleared. */
  bytes = 0;

  chunk(format: Format, batch: Batch): unknown {
    const parts = this.#partsOf(format.encode);
    return format.join(
      batch.items.map((item) => this.#part(format, parts, item)),
      batch,
    );
  }

  /** The same of a batch whose messages nobody else is to get, in this format or in another: nothing is kept. */
  static chunk(format: Format, batch: Batch): unknown {
    return format.join(batch.items.map(format.encode), batch);
  }

  clear(): void {
    this.#parts.clear();
    this.bytes = 0;
  }

  #part(format: Format, parts: Map<number, unknown>, item: PageItem): unknown {
    if (item.kind === 'gap') return format.encode(item);
    const { epoch, sequence } = item.message;
    if (epoch !== this.#epoch) {
      for (const others of this.#parts.values()) others.clear();
      this.#epoch = epoch;
    }
    let part = parts.get(sequence);
    if (part === undefined) {
      part = format.encode(item);
      parts.set(sequence, part);
      this.bytes += sizeOf(item);
    }
    return part;
  }

  #partsOf(encode: Encode): Map<number, unknown> {
    let parts = this.#parts.get(encode);
    if (!parts) this.#parts.set(encode, (parts = new Map()));
    return parts;
  }
}

/** What an item takes in memory, about, in bytes. */
export function sizeOf(item: PageItem): number {
  return ITEM_BYTES + (item.kind === 'message' ? payloadSize(item.message.payload) : 0);
}
