/** Counts what is open for each key, such as connections by address, and holds it to a limit. */
export class ConnectionCounter {
  readonly #limit: number;
  /** Only keys with something open are kept, so that it is never larger than what it counts. */
  readonly #open = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many keys have something open. */
  get size(): number {
    return this.#open.size;
  }

  /** Counts one more, to be matched by one `close`; false beyond the limit, where nothing is counted. */
  open(key: string): boolean {
    const count = this.#open.get(key) ?? 0;
    if (count >= this.#limit) return false;
    this.#open.set(key, count + 1);
    return true;
  }

  close(key: string): void {
    const left = this.#open.get(key)! - 1;
    if (left === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }
}
