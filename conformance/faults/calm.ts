/** Time in which no fault was in force: what the product is given to settle and to catch up. */
export class CalmClock {
  #troubles = 0;
  #counted = 0;
  #since = performance.now();

  /** Milliseconds of calm so far. Not by `Date.now`, which is made to jump. */
  get ms(): number {
    return this.#counted + (this.#troubles === 0 ? performance.now() - this.#since : 0);
  }

  /** Runs what brings trouble; the calm is over until it has ended. */
  async during<T>(trouble: () => Promise<T>): Promise<T> {
    this.#counted = this.ms;
    this.#troubles++;
    try {
      return await trouble();
    } finally {
      this.#troubles--;
      this.#since = performance.now();
    }
  }
}
