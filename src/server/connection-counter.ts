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

  /** Returns what to call when it ends (a second call does nothing), or undefined beyond the limit. */
  open(key: string): (() => void) | undefined {
    const count = this.#open.get(key) ?? 0;
    if (count >= this.#limit) return undefined;
    this.#open.set(key, count + 1);
    let release = (): void => {
      release = () => {};
      this.#close(key);
    };
    return () => release();
  }

  #close(key: string): void {
    const left = this.#open.get(key)! - 1;
    if (left === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }
}
