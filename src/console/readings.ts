import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Measures the longest delay of the event loop from one reading to the next. */
export class EventLoopDelay {
  readonly #resolutionMs: number;
  readonly #histogram: ReturnType<typeof monitorEventLoopDelay>;

  /** @param resolutionMs the time between two samples, each of which wakes the process */
  constructor(resolutionMs: number) {
    this.#resolutionMs = resolutionMs;
    this.#histogram = monitorEventLoopDelay({ resolution: resolutionMs });
    this.#histogram.enable();
  }

  /** The longest delay since the last call, in milliseconds. */
  take(): number {
    // The histogram has whole intervals, in nanoseconds.
    const delayMs = Math.max(0, this.#histogram.max / 1e6 - this.#resolutionMs);
    this.#histogram.reset();
    return rounded(delayMs, 2);
  }

  stop(): void {
    this.#histogram.disable();
  }
}

/**
 * Takes a reading each period. Returns a function that stops it. A reading that throws, as one does where file descriptors
 * have run out, is left out, because a timer must not end the hub.
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
