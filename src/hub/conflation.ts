import type { Appended } from '../log/log.ts';
import type { NewMessage } from '../log/message.ts';

type Append = (message: NewMessage, key: string | undefined, aliases: readonly string[]) => Promise<Appended>;

interface Held {
  readonly message: NewMessage;
  readonly key: string | undefined;
  answer(appended: Promise<Appended>): void;
}

/** How many of an interval's messages are held: the newest is wanted, the others in case it is a retry. */
const HELD_MOST = 32;

/**
 * At most one message for each key in an interval, the newest. The first goes out at once; what follows
 * within the interval replaces what is held, and whoever published what was replaced is answered with
 * the position of what replaced it: acknowledged means that it, or a newer one, is in the log.
 */
export class Conflation {
  /** By channel and key, while an interval runs. */
  readonly #held = new Map<string, Held[]>();
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
    const held = this.#held.get(name);
    if (!held) {
      this.#wait(name, intervalMs);
      return this.#append(message, key, []);
    }
    return new Promise((answer) => {
      held.push({ message, key, answer });
      if (held.length > HELD_MOST) this.#dropOldest(held);
    });
  }

  #wait(name: string, intervalMs: number): void {
    this.#held.set(name, []);
    setTimeout(() => {
      const held = this.#held.get(name)!;
      this.#held.delete(name);
      if (held.length === 0) return;
      this.#wait(name, intervalMs);
      void this.#appendNewest(held);
    }, intervalMs);
  }

  /** From the newest on, until one is added: a retry of what the log has must not stand for a newer one. */
  async #appendNewest(held: readonly Held[]): Promise<void> {
    for (let index = held.length - 1; index >= 0; index--) {
      const { message, key, answer } = held[index]!;
      const older = held.slice(0, index);
      const appended = this.#append(
        message,
        key,
        older.flatMap((one) => one.key ?? []),
      );
      answer(appended);
      const { duplicate } = await appended.catch(() => ({ duplicate: false }));
      if (duplicate) continue;
      for (const one of older) one.answer(appended);
      return;
    }
  }

  #dropOldest(held: Held[]): void {
    const [oldest, next] = held.splice(0, 2) as [Held, Held];
    held.unshift({
      ...next,
      answer(appended) {
        oldest.answer(appended);
        next.answer(appended);
      },
    });
  }
}
