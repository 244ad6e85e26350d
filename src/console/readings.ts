import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The longest that the event loop was late, from one reading to the next. */
export class EventLoopDelay {
  readonly #resolutionMs: number;
  readonly #histogram: ReturnType<typeof monitorEventLoopDelay>;

  /** @param resolutionMs how often it looks: each look wakes the process */
  constructor(resolutionMs: number) {
    this.#resolutionMs = resolutionMs;
    this.#histogram = monitorEventLoopDelay({ resolution: resolutionMs });
    this.#histogram.enable();
  }

  /** In milliseconds, since it was last taken. */
  take(): number {
    // The histogram holds whole intervals, in nanoseconds.
    const delayMs = Math.max(0, this.#histogram.max / 1e6 - this.#resolutionMs);
    this.#histogram.reset();
    return rounded(delayMs, 2);
  }

  stop(): void {
    this.#histogram.disable();
  }
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
