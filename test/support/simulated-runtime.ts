import { setImmediate as turn } from 'node:timers/promises';
import { createRandom } from '../../conformance/faults/random.ts';
import type { Runtime, Timer } from '../../src/protocol/runtime.ts';

interface SimulatedTimer extends Timer {
  readonly action: () => void;
  readonly everyMs: number | undefined;
  due: number;
}

/** Turns of the event loop in which what a timer has set off comes to rest, where nothing waits for a socket or a disk. */
const TURNS = 5;

/** A runtime whose time passes only when a test says so, and whose chance comes from a seed. */
export class SimulatedRuntime implements Runtime {
  readonly #random;
  readonly #timers = new Set<SimulatedTimer>();
  readonly #beganAt: number;
  #now: number;

  constructor({ startsAt = 1_700_000_000_000, seed = 1 } = {}) {
    this.#beganAt = startsAt;
    this.#now = startsAt;
    this.#random = createRandom(seed);
  }

  now(): number {
    return this.#now;
  }

  uptime(): number {
    return this.#now - this.#beganAt;
  }

  setTimeout(action: () => void, ms: number): Timer {
    return this.#start(action, ms, undefined);
  }

  setInterval(action: () => void, ms: number): Timer {
    return this.#start(action, ms, ms);
  }

  clear(timer: Timer | undefined): void {
    this.#timers.delete(timer as SimulatedTimer);
  }

  random(): number {
    return this.#random.next();
  }

  randomBytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#random.between(0, 255));
  }

  /** Each timer goes off at its own time, and what it sets off is done before the next one. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await rest();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.due;
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.due += Math.max(1, next.everyMs);
      next.action();
      await rest();
    }
    this.#now = end;
  }

  #start(action: () => void, ms: number, everyMs: number | undefined): Timer {
    const timer: SimulatedTimer = { action, everyMs, due: this.#now + ms, ref() {}, unref() {} };
    this.#timers.add(timer);
    return timer;
  }

  /** Of those that are due at once, the one that was started first. */
  #next(end: number): SimulatedTimer | undefined {
    let next: SimulatedTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
    }
    return next;
  }
}

async function rest(): Promise<void> {
  for (let turns = 0; turns < TURNS; turns++) await turn();
}
