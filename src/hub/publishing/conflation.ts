import type { Addition, Appended } from '../../log/addition.ts';
import { type IdempotencyKey, isIdempotencyConflict } from '../../log/idempotency-key.ts';

import { type NewMessage, payloadSize } from '../../log/message.ts';
import { type Runtime, SYSTEM_RUNTIME, type Timer } from '../../protocol/runtime.ts';

type Append = (addition: Addition) => Promise<Appended>;

/** Intervals that run at once; above it the oldest end before their time. */
const MAX_INTERVALS = 10_000;
/** Payload bytes that all intervals hold; above it the one that got more ends before its time. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** What one interval holds. */
const MAX_HELD = 1_000;

interface Held {
  readonly message: NewMessage;
  readonly idempotencyKey: IdempotencyKey | undefined;
  /** Keys of older ones that it stands for: a retry of them must be known too. */
  readonly aliases: readonly IdempotencyKey[];
  answer(appended: Promise<Appended>): void;
}

interface Interval {
  /** Oldest first. */
  readonly held: Held[];
  readonly timer: Timer;
}

/**
 * At most one message for each conflation key in an interval, the newest. The first goes out at once; what follows
 * within the interval replaces what is held, and whoever published what was replaced is answered with
 * the position of what replaced it: acknowledged means that it, or a newer one, is in the log.
 */
export class Conflation {
  /** By channel and conflation key, while an interval runs. */
  readonly #intervals = new Map<string, Interval>();
  readonly #append: Append;
  readonly #runtime: Runtime;
  #heldBytes = 0;

  constructor(append: Append, runtime: Runtime = SYSTEM_RUNTIME) {
    this.#append = append;
    this.#runtime = runtime;
  }

  publish(
    message: NewMessage,
    conflationKey: string,
    intervalMs: number,
    idempotencyKey: IdempotencyKey | undefined,
  ): Promise<Appended> {
    const name = `${message.channel} ${conflationKey}`;
    const interval = this.#intervals.get(name);
    if (!interval) {
      this.#wait(name, intervalMs);
      return this.#append({ message, idempotencyKey });
    }
    const { held, timer } = interval;
    timer.ref();
    return new Promise((answer) => {
      const newest: Held = { message, idempotencyKey, aliases: [], answer };
      // What has an idempotency key may turn out to be a retry of what the log has: then an older one is the newest.
      const replaced = idempotencyKey === undefined ? held.splice(0) : [];
      held.push(replaced.length > 0 ? standingFor(newest, replaced) : newest);
      this.#heldBytes += payloadSize(message.payload) - bytesOf(replaced);
      if (held.length < MAX_HELD && this.#heldBytes <= MAX_HELD_BYTES) return;
      this.#end(name);
      this.#wait(name, intervalMs);
    });
  }

  /** Appends what is held without waiting for the end of its interval. */
  async flush(): Promise<void> {
    const intervals = [...this.#intervals.values()];
    this.#intervals.clear();
    this.#heldBytes = 0;
    for (const { timer } of intervals) this.#runtime.clear(timer);
    await Promise.all(intervals.map(({ held }) => this.#appendNewest(held)));
  }

  #wait(name: string, intervalMs: number): void {
    const held: Held[] = [];
    const timer = this.#runtime.setTimeout(() => {
      this.#end(name);
      if (held.length > 0) this.#wait(name, intervalMs);
    }, intervalMs);
    // While nothing is held, a program that is done need not wait for it.
    timer.unref();
    this.#intervals.set(name, { held, timer });
    // A Map keeps the order of insertion: the first is the oldest.
    if (this.#intervals.size > MAX_INTERVALS) this.#end(this.#intervals.keys().next().value!);
  }

  /** Ends an interval, and appends what it holds. */
  #end(name: string): void {
    const { held, timer } = this.#intervals.get(name)!;
    this.#runtime.clear(timer);
    this.#intervals.delete(name);
    this.#heldBytes -= bytesOf(held);
    void this.#appendNewest(held);
  }

  /**
   * From the newest on, until one is added: a retry of what the log has must not stand for a newer one, nor must
   * what is refused for its key.
   */
  async #appendNewest(held: readonly Held[]): Promise<void> {
    for (let index = held.length - 1; index >= 0; index--) {
      const { answer, ...addition } = standingFor(held[index]!, held.slice(0, index));
      const appended = this.#append(addition);
      const standsAlone = await appended.then(({ duplicate }) => duplicate, isIdempotencyConflict);
      if (!standsAlone) {
        answer(appended);
        return;
      }
      held[index]!.answer(appended);
    }
  }
}

function standingFor(newest: Held, older: readonly Held[]): Held {
  return {
    ...newest,
    aliases: [
      ...older.flatMap((one) => (one.idempotencyKey ? [...one.aliases, one.idempotencyKey] : one.aliases)),
      ...newest.aliases,
    ],
    answer(appended) {
      for (const one of older) one.answer(appended);
      newest.answer(appended);
    },
  };
}

function bytesOf(held: readonly Held[]): number {
  return held.reduce((sum, { message }) => sum + payloadSize(message.payload), 0);
}
