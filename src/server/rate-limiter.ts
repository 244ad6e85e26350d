const BURST_MS = 2000;
/** What sums of fractions are off by. */
const ROUNDING_MS = 1e-6;

/**
 * So much a second for each key, twice as much in a burst: buckets that hold two seconds' worth and refill
 * continuously. Of each bucket only the moment is kept at which it will be full again (the generic cell
 * rate algorithm), so that a full one need not be kept at all.
 */
export class RateLimiter {
  readonly #perSecond: readonly number[];
  /** A moment for each rate, in milliseconds of the caller's clock; a key that is absent has full buckets. */
  readonly #fullAt = new Map<string, number[]>();

  /** @param perSecond a rate for each kind of cost */
  constructor(...perSecond: readonly number[]) {
    for (const rate of perSecond) {
      if (!(rate > 0)) throw new RangeError(`a rate must be above 0, not ${rate}`);
    }
    this.#perSecond = perSecond;
  }

  /** How many keys have buckets that are not known to be full. */
  get size(): number {
    return this.#fullAt.size;
  }

  /**
   * Takes each cost from the key's bucket of its kind, or nothing from any. A bucket owes nothing: the wait is never
   * longer than the burst's time.
   * @param now milliseconds of a clock that never goes back
   * @returns 0; or the seconds after which the same would be given; Infinity for what is more than a full bucket holds
   */
  take(key: string, now: number, ...costs: readonly number[]): number {
    this.#forgetFull(now);
    const kept = this.#fullAt.get(key);
    let waitMs = 0;
    const fullAt: number[] = [];
    for (const [kind, rate] of this.#perSecond.entries()) {
      const seconds = costs[kind]! / rate;
      if (seconds > BURST_MS / 1000) return Infinity;
      // Of a full bucket it may be a rounding more than that holds.
      const costMs = Math.min(seconds * 1000, BURST_MS);
      const before = Math.max(kept?.[kind] ?? now, now);
      waitMs = Math.max(waitMs, Math.ceil(before - now + costMs - BURST_MS - ROUNDING_MS));
      fullAt.push(before + costMs);
    }
    if (waitMs > 0) return waitMs / 1000;
    this.#fullAt.set(key, fullAt);
    return 0;
  }

  /** Each call looks at two keys for the one it may add, so that full buckets can't pile up. */
  #forgetFull(now: number): void {
    let looks = 2;
    for (const [key, fullAt] of this.#fullAt) {
      if (looks-- === 0) return;
      this.#fullAt.delete(key);
      // To the back of the queue: a Map keeps the order of insertion.
      if (fullAt.some((moment) => moment > now)) this.#fullAt.set(key, fullAt);
    }
  }
}
