import { setImmediate as turn } from 'node:timers/promises';
import { type Runtime, SYSTEM_RUNTIME } from '../protocol/runtime.ts';

/** Work of one request that may hold the event loop, in milliseconds. */
const SLICE_MS = 5;

/** Parts long work, so that whoever else waits for the event loop gets their turn. */
export class TimeSlice {
  readonly #runtime: Runtime;
  #until: number;

  constructor(runtime: Runtime = SYSTEM_RUNTIME) {
    this.#runtime = runtime;
    this.#until = runtime.uptime() + SLICE_MS;
  }

  /** Whether it is the others' turn: then `next` is to be awaited. */
  get isOver(): boolean {
    return this.#runtime.uptime() >= this.#until;
  }

  async next(): Promise<void> {
    await turn();
    this.#until = this.#runtime.uptime() + SLICE_MS;
  }
}
