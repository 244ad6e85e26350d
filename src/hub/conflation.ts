import type { Appended } from '../log/log.ts';
import type { NewMessage } from '../log/message.ts';

type Append = (message: NewMessage, key: string | undefined, aliases: readonly string[]) => Promise<Appended>;

interface Held {
  readonly message: NewMessage;
  readonly key: string | undefined;
  /** Keys of older ones that it stands for: a retry of them must be known too. */
  readonly aliases: readonly string[];
  answer(appended: Promise<Appended>): void;
}

interface Interval {
  /** Oldest first. */
  readonly held: Held[];
  readonly timer: NodeJS.Timeout;
}

/**
 * At most one message for each key in an interval, the newest. The first goes out at once; what follows
 * within the interval replaces what is held, and whoever published what was replaced is answered with
 * the position of what replaced it: acknowledged means that it, or a newer one, is in the log.
 */
export class Conflation {
  /** By channel and key, while an interval runs. */
  readonly #intervals = new Map<string, Interval>();
  readonly #append: Append;

  constructor(append: Append) {
    this.#append = append;
  }

  publish(
    message: NewMessage,
    conflationKey: string,
    intervalMs: number,
    key: string | undefined,
  ): Promise<Appended> {
    const name = `${message.channel} ${conflationKey}`;
    const interval = this.#intervals.get(name);
    if (!interval) {
      this.#wait(name, intervalMs);
      return this.#append(message, key, []);
    }
    const { held, timer } = interval;
    timer.ref();
    return new Promise((answer) => {
      const newest: Held = { message, key, aliases: [], answer };
      // What has a key may turn out to be a retry of what the log has: then an older one is the newest.
      held.push(key === undefined ? standingFor(newest, held.splice(0)) : newest);
    });
  }

  /** Appends what is held without waiting for the end of its interval. */
  async flush(): Promise<void> {
    const intervals = [...this.#intervals.values()];
    this.#intervals.clear();
    for (const { timer } of intervals) clearTimeout(timer);
    await Promise.all(intervals.map(({ held }) => this.#appendNewest(held)));
  }

  #wait(name: string, intervalMs: number): void {
    const held: Held[] = [];
    const timer = setTimeout(() => {
      this.#intervals.delete(name);
      if (held.length === 0) return;
      this.#wait(name, intervalMs);
      void this.#appendNewest(held);
    }, intervalMs);
    // While nothing is held, a program that is done need not wait for it.
    timer.unref();
    this.#intervals.set(name, { held, timer });
  }

  /** From the newest on, until one is added: a retry of what the log has must not stand for a newer one. */
  async #appendNewest(held: readonly Held[]): Promise<void> {
    for (let index = held.length - 1; index >= 0; index--) {
      const { message, key, aliases, answer } = standingFor(held[index]!, held.slice(0, index));
      const appended = this.#append(message, key, aliases);
      const { duplicate } = await appended.catch(() => ({ duplicate: false }));
      if (!duplicate) {
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
      ...older.flatMap((one) => (one.key === undefined ? one.aliases : [...one.aliases, one.key])),
      ...newest.aliases,
    ],
    answer(appended) {
      for (const one of older) one.answer(appended);
      newest.answer(appended);
    },
  };
}
