/** The length of every window. */
export const WINDOW_MS = 10_000;

/** Counts what happens within ten seconds, so that who exceeds a limit can be told from who is busy. */
export class RateWindow {
  readonly #most: number;
  #since = 0;
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** False for one too many. */
  take(now: number): boolean {
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#most;
  }
}
