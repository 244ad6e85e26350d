import type { Ledger } from './ledger.ts';

/** What a client of the lab was given, and what it said. Messages carry the numbers under which the ledger has them. */
export class Reception {
  readonly #ledger: Ledger;
  /** When each came for the first time, by `performance.now()`. */
  readonly arrivedAt = new Map<number, number>();
  /** When each word was said, by `performance.now()`. */
  readonly words: { readonly at: number; readonly text: string }[] = [];
  doubled = 0;
  gaps = 0;
  #newest = 0;
  /** Whether a gap was told since the last message. */
  #gapTold = false;
  readonly #passedOver = new Set<number>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  message(number: number): void {
    if (this.arrivedAt.has(number)) {
      this.doubled++;
      return;
    }
    this.arrivedAt.set(number, performance.now());
    this.#passedOver.delete(number);
    for (let each = this.#newest + 1; each < number && !this.#gapTold; each++) this.#passedOver.add(each);
    this.#newest = Math.max(this.#newest, number);
    this.#gapTold = false;
    this.#ledger.changed();
  }

  gap(): void {
    this.gaps++;
    this.#gapTold = true;
  }

  /** A word for people. The same again is not told twice. */
  say(text: string): void {
    if (this.words.at(-1)?.text !== text) this.words.push({ at: performance.now(), text });
  }

  get said(): string[] {
    return this.words.map(({ text }) => text);
  }

  /** Messages that the client was never given, with later ones in its hands and no gap told: lost silently. */
  get passedOver(): number {
    return this.#passedOver.size;
  }

  /** Of those published up to now. */
  get missed(): number {
    return this.#ledger.count - this.arrivedAt.size;
  }

  /** From its publish to its arrival, in milliseconds; undefined if it never came. */
  lateness(number: number): number | undefined {
    const at = this.arrivedAt.get(number);
    return at === undefined ? undefined : Math.max(0, at - this.#ledger.publishedAt(number));
  }

  /** When the first message came that was published later than that. */
  firstSince(at: number): number | undefined {
    const since = [...this.arrivedAt].filter(([number]) => this.#ledger.publishedAt(number) >= at);
    return since.length === 0 ? undefined : Math.min(...since.map(([, arrived]) => arrived));
  }
}
