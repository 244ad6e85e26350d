const BURST_MS = 2000;

/**
 * So many a second for each key, twice as many in a burst: a bucket that holds two seconds' worth and
 * refills continuously. Of each bucket only the moment is kept at which it will be full again (the
 * generic cell rate algorithm), so that a full one need not be kept at all.
 */
export class RateLimiter {
  readonly #msPerUnit: number;
  /** In milliseconds of the caller's clock; a key that is absent has a full bucket. */
  readonly #fullAt = new Map<string, number>();

  constructor(perSecond: number) {
    if (!(perSecond > 0)) throw new RangeError(`a rate must be above 0, not ${perSecond}`);
    this.#msPerUnit = 1000 / perSecond;
  }

  /** How many buckets are being kept. */
  get size(): number {
    return this.#fullAt.size;
  }

  /**
   * Takes `cost` from the key's bucket, or nothing. A cost beyond the burst is taken from a full
   * bucket, which then owes the rest: large batches get through, at the same rate in the long run.
   * @param now milliseconds of a clock that never goes back
   * @returns 0, or the seconds after which the same cost would be given
   */
  take(key: string, now: number, cost = 1): number {
    this.#forgetFull(now);
    const fullAt = Math.max(this.#fullAt.get(key) ?? now, now);
    const mayLackMs = Math.max(BURST_MS - cost * this.#msPerUnit, 0);
    const waitMs = Math.ceil(fullAt - now - mayLackMs);
    if (waitMs > 0) return waitMs / 1000;
    this.#fullAt.set(key, fullAt + cost * this.#msPerUnit);
    return 0;
  }

  /** Each call looks at two buckets for the one it may add, so that full ones can't pile up. */
  #forgetFull(now: number): void {
    let looks = 2;
    for (const [key, fullAt] of this.#fullAt) {
      if (looks-- === 0) return;
      this.#fullAt.delete(key);
      // To the back of the queue: a Map keeps the order of insertion.
      if (fullAt > now) this.#fullAt.set(key, fullAt);
    }
  }
}
