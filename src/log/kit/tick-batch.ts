import { countWithin } from './weight.ts';

/** Sends items as one call, and resolves with the result of each in their order. */
type Send<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

interface Waiting<Item, Result> {
  readonly items: readonly Item[];
  readonly weight: number;
  readonly resolve: (results: readonly Result[] | Promise<readonly Result[]>) => void;
}

/**
 * Sends what is asked for within one turn of the event loop together. A call waits for no other: those of the next turn are
 * sent behind it while it is on its way.
 */
export class TickBatch<Item, Result> {
  readonly #send: Send<Item, Result>;
  readonly #weightOf: (item: Item) => number;
  readonly #maxWeight: number;
  #waiting: Waiting<Item, Result>[] = [];

  /** @param maxWeight what the items of one call weigh together, unless they were asked for together */
  constructor(send: Send<Item, Result>, weightOf: (item: Item) => number, maxWeight: number) {
    this.#send = send;
    this.#weightOf = weightOf;
    this.#maxWeight = maxWeight;
  }

  /** Items that are asked for together are sent together. @throws what the call throws */
  add(items: readonly Item[]): Promise<readonly Result[]> {
    return new Promise((resolve) => {
      const weight = items.reduce((sum, item) => sum + this.#weightOf(item), 0);
      // After the sockets of this turn have been read, each of which may bring one.
      if (this.#waiting.push({ items, weight, resolve }) === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting.splice(0);
    while (waiting.length > 0) {
      const together = waiting.splice(0, countWithin(this.#maxWeight, waiting));
      const sent = this.#send(together.flatMap(({ items }) => items));
      let end = 0;
      for (const { items, resolve } of together) {
        const [from, to] = [end, end + items.length];
        resolve(sent.then((results) => results.slice(from, to)));
        end = to;
      }
    }
  }
}
