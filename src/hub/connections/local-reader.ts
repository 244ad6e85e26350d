import type { PageItem } from '../../log/log.ts';
import type { Start } from '../../protocol/start.ts';
import type { Cursor } from '../delivery/cursor.ts';
import type { Format } from '../delivery/format.ts';
import type { Sink } from '../delivery/sink.ts';
import type { Hub } from '../hub.ts';
import type { LocalIterator } from './local-iterator.ts';

const itemFormat: Format<PageItem, readonly PageItem[]> = {
  encode: (item) => item,
  join: (items) => items,
};

type State<Value> =
  | { readonly kind: 'open'; readonly waiting: ((result: IteratorResult<Value, undefined>) => void)[] }
  | { readonly kind: 'closed' };

/**
 * A subscriber within the program that is iterated. A slow iteration holds back nobody: what it has not come to stays
 * in the log.
 */
export abstract class LocalReader<Value> implements LocalIterator<Value>, Sink {
  readonly format = itemFormat;
  readonly #hub: Hub;
  readonly #cursor: Cursor;
  readonly #maxBuffered: number;
  readonly #signal: AbortSignal | undefined;
  #buffered: PageItem[] = [];
  #state: State<Value> = { kind: 'open', waiting: [] };

  /**
   * @param maxBuffered with so many items that wait for the consumer, no more is read from the log
   * @param signal closes it
   */
  constructor(
    hub: Hub,
    channels: readonly string[],
    start: Start,
    maxBuffered: number,
    signal: AbortSignal | undefined,
  ) {
    signal?.throwIfAborted();
    this.#hub = hub;
    this.#maxBuffered = maxBuffered;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    this.#cursor = hub.fanOut.open(channels, this, start);
    hub.locals.add(this);
    void this.#cursor.resume();
  }

  get writable(): boolean {
    return this.#buffered.length < this.#maxBuffered;
  }

  write(items: unknown): void {
    this.#buffered.push(...(items as readonly PageItem[]));
    // Not from within the fan-out, whose loop a consumer that closes would change.
    queueMicrotask(() => this.#deliver());
  }

  close(): void {
    if (this.#state.kind === 'closed') return;
    const { waiting } = this.#state;
    this.#state = { kind: 'closed' };
    this.#buffered = [];
    this.#hub.locals.delete(this);
    // A signal may outlive a thousand subscriptions.
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#cursor.end();
    for (const resolve of waiting) resolve({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    const state = this.#state;
    if (state.kind === 'closed') return Promise.resolve({ done: true, value: undefined });
    const result = new Promise<IteratorResult<Value, undefined>>((resolve) => state.waiting.push(resolve));
    this.#deliver();
    return result;
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** What the iteration is given for an item; undefined for one that goes another way. */
  protected abstract valueOf(item: PageItem): Value | undefined;

  /** Whether items are taken although nobody waits for one. */
  protected abstract readonly eager: boolean;

  readonly #abort = (): void => this.close();

  #deliver(): void {
    while (this.#state.kind === 'open' && this.#buffered.length > 0) {
      const { waiting } = this.#state;
      if (!this.eager && waiting.length === 0) break;
      const value = this.valueOf(this.#buffered.shift()!);
      if (value !== undefined) waiting.shift()!({ done: false, value });
    }
    if (this.writable) void this.#cursor.resume();
  }
}
