import { type Runtime, SYSTEM_RUNTIME, type Timer } from '../../protocol/runtime.ts';

/** Something that comes due. */
export interface Due {
  due(): void;
  /** The wheel's own: the second for which it is planned. A map of them would cost each connection as much again. */
  planned?: number | undefined;
}

/**
 * Timers of a second's precision that share one clock: ten thousand idle connections cost one timer,
 * and what comes due is spread as the connections came.
 */
export class SecondWheel {
  readonly runtime: Runtime;
  readonly #slots = new Map<number, Set<Due>>();
  readonly #report: (error: unknown) => void;
  #second = 0;
  #timer: Timer | undefined;

  /** @param report told of what fails: it runs on a timer, and must not end the process, or keep others from their turn */
  constructor(report: (error: unknown) => void = console.error, runtime: Runtime = SYSTEM_RUNTIME) {
    this.runtime = runtime;
    this.#report = report;
  }

  start(): void {
    if (this.#timer) return;
    this.#timer = this.runtime.setInterval(() => this.turn(), 1000);
    this.#timer.unref();
  }

  stop(): void {
    this.runtime.clear(this.#timer);
    this.#timer = undefined;
  }

  /** Comes due once, in `seconds`, at least 1; replaces what was planned for it. */
  plan(due: Due, seconds: number): void {
    this.cancel(due);
    const second = this.#second + Math.max(1, Math.round(seconds));
    const slot = this.#slots.get(second);
    if (slot) slot.add(due);
    else this.#slots.set(second, new Set([due]));
    due.planned = second;
  }

  cancel(due: Due): void {
    const second = due.planned;
    if (second === undefined) return;
    due.planned = undefined;
    const slot = this.#slots.get(second);
    slot?.delete(due);
    if (slot?.size === 0) this.#slots.delete(second);
  }

  /** One second passes. */
  turn(): void {
    this.#second += 1;
    const slot = this.#slots.get(this.#second);
    if (!slot) return;
    // The slot is left in place meanwhile: what comes due may cancel another.
    for (const due of slot) {
      due.planned = undefined;
      try {
        due.due();
      } catch (error) {
        this.#report(error);
      }
    }
    this.#slots.delete(this.#second);
  }
}
