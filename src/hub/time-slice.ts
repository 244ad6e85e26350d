import { setImmediate as turn } from 'node:timers/promises';

/** Work of one request that may hold the event loop, in milliseconds. */
const SLICE_MS = 5;

/** Parts long work, so that whoever else waits for the event loop gets their turn. */
export class TimeSlice {
  #until = performance.now() + SLICE_MS;

  /** Whether it is the others' turn: then `next` is to be awaited. */
  get isOver(): boolean {
    return performance.now() >= this.#until;
  }

  async next(): Promise<void> {
    await turn();
    this.#until = performance.now() + SLICE_MS;
  }
}
