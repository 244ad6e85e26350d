import { monotonicMs } from '../monotonic.ts';

/** The way of a message from the node that it was published at to all nodes. Times are milliseconds of one clock. */
export interface Passage<Name extends string> {
  /** Its position. */
  readonly id: string;
  /** The node that it was published at. */
  readonly by: Name;
  /** When that node asked the log to add it. */
  readonly askedAt: number;
  readonly appendedAt: number;
  /** When a node heard of it from the log, and when it had handed it to its subscribers. */
  readonly handed: Readonly<Partial<Record<Name, { readonly toldAt: number; readonly handedAt: number }>>>;
}

interface Waiting<Name extends string> {
  readonly passage: Passage<Name>;
  readonly awaited: Set<Name>;
}

/** Of no node yet. */
const NOWHERE: Passage<never>['handed'] = {};

/** A node that hangs is not waited for. */
const MAX_WAIT_MS = 2000;

/** Puts together what each process saw of a message. */
export class Passages<Name extends string> {
  readonly #waiting = new Map<number, Waiting<Name>>();
  readonly #passed: (passage: Passage<Name>) => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(passed: (passage: Passage<Name>) => void) {
    this.#passed = passed;
  }

  /** @param seen `awaited`: the nodes that are to hear of it */
  appended(
    sequence: number,
    { awaited, ...seen }: Pick<Passage<Name>, 'id' | 'by' | 'askedAt'> & { awaited: readonly Name[] },
  ): void {
    const passage: Passage<Name> = { ...seen, appendedAt: monotonicMs(), handed: NOWHERE };
    this.#waiting.set(sequence, { passage, awaited: new Set(awaited) });
    this.#timer ??= setInterval(() => this.#giveUp(), MAX_WAIT_MS).unref();
  }

  handed(sequence: number, name: Name, times: { toldAt: number; handedAt: number }): void {
    const found = this.#waiting.get(sequence);
    if (!found) return;
    const { toldAt, handedAt } = times;
    const { passage, awaited } = found;
    awaited.delete(name);
    const handed = { ...passage.handed, [name]: { toldAt, handedAt } };
    this.#waiting.set(sequence, { passage: { ...passage, handed }, awaited });
    this.#settle(sequence);
  }

  /** A node has ended: it is not waited for. */
  gone(name: Name): void {
    for (const [sequence, { awaited }] of this.#waiting) if (awaited.delete(name)) this.#settle(sequence);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#waiting.clear();
  }

  #settle(sequence: number): void {
    const { passage, awaited } = this.#waiting.get(sequence)!;
    if (awaited.size > 0) return;
    this.#waiting.delete(sequence);
    this.#passed(passage);
  }

  #giveUp(): void {
    const now = monotonicMs();
    for (const [sequence, { passage }] of this.#waiting)
      if (now - passage.appendedAt > MAX_WAIT_MS) {
        this.#waiting.delete(sequence);
        this.#passed(passage);
      }
  }
}
