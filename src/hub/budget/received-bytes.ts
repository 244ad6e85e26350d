const MIN_SWEEP = 1024;

/** How many bytes may be held, of what clients have sent. */
export interface ReceivedLimits {
  /** For one address. */
  readonly perAddress: number;
  /** For all together. */
  readonly total: number;
}

/**
 * Bytes that clients have sent and that the hub holds until it has done with them: bodies and frames, whole or
 * not, and publishes that wait for their turn. A full budget refuses; it never queues.
 */
export class ReceivedBytes {
  readonly limits: ReceivedLimits;
  /** By address. One of whom nothing is held stays for a while: mostly more comes from it. */
  readonly #held = new Map<string, number>();
  #sweepAt = MIN_SWEEP;
  #total = 0;

  constructor(limits: ReceivedLimits) {
    this.limits = limits;
  }

  /** Held now, for all. */
  get total(): number {
    return this.#total;
  }

  /** How many addresses are kept. */
  get size(): number {
    return this.#held.size;
  }

  /** Held now, for an address. */
  of(address: string): number {
    return this.#held.get(address) ?? 0;
  }

  /** Takes room for so many bytes; false where there is none for all of them, and then nothing is taken. */
  take(address: string, bytes: number): boolean {
    const held = this.of(address) + bytes;
    if (held > this.limits.perAddress || this.#total + bytes > this.limits.total) return false;
    this.#held.set(address, held);
    this.#total += bytes;
    if (this.#held.size >= this.#sweepAt) this.#sweep();
    return true;
  }

  /** Gives room back that was taken. */
  give(address: string, bytes: number): void {
    this.#held.set(address, this.of(address) - bytes);
    this.#total -= bytes;
  }

  /** Forgets addresses of whom nothing is held; the next time once there are twice as many as then. */
  #sweep(): void {
    for (const [address, held] of this.#held) if (held <= 0) this.#held.delete(address);
    this.#sweepAt = Math.max(MIN_SWEEP, this.#held.size * 2);
  }
}
