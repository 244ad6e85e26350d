const NOTHING = Buffer.alloc(0);

/**
 * A line that comes in parts. Mostly there is one, which is kept as it is. Others are written into one piece of memory: a list
 * of parts of a byte each would take a hundred times what they hold.
 */
export class PartialLine {
  #bytes: Buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(part: Buffer): void {
    if (this.#length === 0) {
      this.#bytes = part;
      this.#length = part.length;
      return;
    }
    const needed = this.#length + part.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(needed * 2);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    part.copy(this.#bytes, this.#length);
    this.#length = needed;
  }

  /** All of it, which it does not hold any more. */
  take(): Buffer {
    const line = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    this.#length = 0;
    return line;
  }
}
