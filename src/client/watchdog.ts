import type { ServerFrame } from '../protocol/frames.ts';
import { type Runtime, SYSTEM_RUNTIME, type Timer } from '../protocol/runtime.ts';
import { TransportError } from './failure.ts';

/** Notices that a link is dead, by silence: first within the time for its proof, then between heartbeats. */
export interface Watchdog {
  /** Bytes came. */
  feed(): void;
  /** A frame came. */
  hear(frame: ServerFrame): void;
  /** Sets the error that silence stands for from now on. */
  means(silence: TransportError): void;
  /** The next frame that answers a ping or a hello has to come within so long. */
  hurry(limitMs: number): void;
  idleMs(): number;
  stop(): void;
}

/** No timer runs for longer, because timers stand still while a device sleeps: only the clock tells that it slept. */
export const LOOK_MS = 10_000;

/** `feed` is one assignment, because it is called for every chunk. The timer compares the clock when it fires. */
export function createWatchdog(
  proofTimeoutMs: number,
  onSilence: (what: TransportError) => void,
  runtime: Runtime = SYSTEM_RUNTIME,
): Watchdog {
  let silence = new TransportError('mute', 'no answer');
  let usualMs = proofTimeoutMs;
  let limitMs = 0;
  let fedAt = 0;
  let timer: Timer | undefined;
  const idleMs = () => runtime.now() - fedAt;
  const feed = () => {
    fedAt = runtime.now();
  };
  const look = () => (idleMs() < limitMs ? arm() : onSilence(silence));
  const arm = () => {
    runtime.clear(timer);
    timer = runtime.setTimeout(look, Math.min(LOOK_MS, limitMs - idleMs()));
  };
  const allow = (ms: number) => {
    limitMs = ms;
    feed();
    arm();
  };
  allow(usualMs);
  return {
    feed,
    hear: (frame) => {
      if ('welcome' in frame) {
        silence = new TransportError('silent', 'no heartbeat');
        usualMs = frame.welcome.heartbeatMs * 1.5;
      }
      if ('welcome' in frame || 'pong' in frame) allow(usualMs);
      else feed();
    },
    means: (what) => {
      silence = what;
    },
    hurry: (ms) => allow(Math.min(ms, usualMs)),
    idleMs,
    stop: () => runtime.clear(timer),
  };
}
