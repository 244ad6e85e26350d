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
  /** By address; only those of whom something is held are kept. */
  readonly #held = new Map<string, number>();
  #total = 0;

  constructor(limits: ReceivedLimits) {
    this.limits = limits;
  }

  /** Held now, for all. */
  get total(): number {
    return this.#total;
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
    return true;
  }

  /** Gives room back that was taken. */
  give(address: string, bytes: number): void {
    const held = this.of(address) - bytes;
    if (held > 0) this.#held.set(address, held);
    else this.#held.delete(address);
    this.#total -= bytes;
  }
}
