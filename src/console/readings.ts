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

/**
 * Takes a reading each period; returns what ends it. One that can't be taken, as without file descriptors nothing
 * can be read of the process, is left out: a timer must not end the hub.
 */
export function periodically(periodMs: number, read: () => void): () => void {
  const timer = setInterval(() => {
    try {
      read();
    } catch {
      // The console shows that nothing came.
    }
  }, periodMs).unref();
  return () => clearInterval(timer);
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
