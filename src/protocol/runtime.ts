/**
 * What a program has of the computer that it runs on, beside its connections: the time, timers, and chance. Hub, logs and client take
 * them from here alone, so that a test can let an hour pass in a moment, and let the same happen twice.
 */
export interface Runtime {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds since some moment. They only grow, where the clock may be set. */
  uptime(): number;
  setTimeout(action: () => void, ms: number): Timer;
  setInterval(action: () => void, ms: number): Timer;
  clear(timer: Timer | undefined): void;
  /** A number from 0 on and below 1, for what may be guessed. */
  random(): number;
  /** Bytes that nobody can guess. */
  randomBytes(count: number): Uint8Array;
}

/** What `setTimeout` and `setInterval` return. */
export interface Timer {
  ref(): unknown;
  /** Lets the program end though it has not gone off. */
  unref(): unknown;
}

/** The computer's own. Each name is looked up when it is called: a test may have put another in its place. */
export const SYSTEM_RUNTIME: Runtime = {
  now: () => Date.now(),
  uptime: () => performance.now(),
  setTimeout: (action, ms) => setTimeout(action, ms),
  setInterval: (action, ms) => setInterval(action, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  random: () => Math.random(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

/** Resolves after so long: with true, or with false as soon as the signal is aborted. The wait alone keeps no program running. */
export function pause(runtime: Runtime, ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = runtime.setTimeout(() => end(true), ms);
    timer.unref();
    const aborted = () => end(false);
    signal?.addEventListener('abort', aborted, { once: true });
    const end = (isOver: boolean) => {
      runtime.clear(timer);
      signal?.removeEventListener('abort', aborted);
      resolve(isOver);
    };
  });
}
