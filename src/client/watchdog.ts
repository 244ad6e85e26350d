/** Calls back when nothing has fed it for the time allowed. */
export interface Watchdog {
  feed(): void;
  /** Feeds it, and sets the time allowed from now on. */
  allow(limitMs: number): void;
  idleMs(): number;
  stop(): void;
}

/**
 * No timer is set for longer: a device that slept is noticed by the clock, which timers do not follow.
 */
export const LOOK_MS = 10_000;

/** Feeding is one assignment, as it happens for every chunk: the timer looks at the clock when it fires. */
export function createWatchdog(limitMs: number, onSilence: () => void): Watchdog {
  let fedAt = Date.now();
  let timer: ReturnType<typeof setTimeout>;
  const idleMs = () => Date.now() - fedAt;
  const look = () => (idleMs() < limitMs ? arm() : onSilence());
  const arm = () => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(LOOK_MS, limitMs - idleMs()));
  };
  const allow = (ms: number) => {
    limitMs = ms;
    fedAt = Date.now();
    arm();
  };
  allow(limitMs);
  return {
    feed: () => {
      fedAt = Date.now();
    },
    allow,
    idleMs,
    stop: () => clearTimeout(timer),
  };
}
