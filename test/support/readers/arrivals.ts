import { Disconnected, type Item, positionOf } from './reader.ts';

/** What arrived on a connection and has not been read: items, positions between them, and at last the end. */
export class Arrivals {
  position = '';
  #waiting: (Item | { readonly kind: 'position'; readonly position: string })[] = [];
  #ended: Error | undefined;
  #wake: () => void = () => {};

  push(item: Item): void {
    this.#waiting.push(item);
    this.#wake();
  }

  /** Everything up to here has arrived. */
  reach(position: string): void {
    this.#waiting.push({ kind: 'position', position });
    this.#wake();
  }

  end(error: Error = new Disconnected()): void {
    this.#ended ??= error;
    this.#wake();
  }

  /** Resolves at the first sign of life, which tells the position that reading begins from. */
  async begin(): Promise<void> {
    const first = await this.#first();
    if (first.kind === 'position') {
      this.position = first.position;
      this.#waiting.shift();
    }
  }

  async next(): Promise<Item> {
    for (;;) {
      const first = await this.#first();
      this.#waiting.shift();
      this.position = first.kind === 'position' ? first.position : positionOf(first);
      if (first.kind !== 'position') return first;
    }
  }

  async #first() {
    for (;;) {
      const first = this.#waiting[0];
      if (first) return first;
      if (this.#ended) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
