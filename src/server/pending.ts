import { setTimeout as delay } from 'node:timers/promises';
import { GOODBYE_MS } from '../protocol/close-codes.ts';

/** Counts what is under way, for a node that goes away and waits for it. */
export class Pending {
  #count = 0;
  /** Who is told once nothing is under way. */
  readonly #awaited: (() => void)[] = [];

  /** To be matched by one `end`. */
  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) for (const resolve of this.#awaited.splice(0)) resolve();
  }

  /** Resolves once nothing is under way; what takes long is not waited for. */
  async settled(): Promise<void> {
    if (this.#count === 0) return;
    const ended = new Promise<void>((resolve) => this.#awaited.push(resolve));
    await Promise.race([ended, delay(GOODBYE_MS, undefined, { ref: false })]);
  }
}
