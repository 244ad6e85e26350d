import { gapOf } from '../../log/gap.ts';
import type { PageItem } from '../../log/log.ts';
import { messageOf } from '../../log/message.ts';
import type { Gap } from '../../protocol/gap.ts';
import type { Message } from '../../protocol/message.ts';
import type { Start } from '../../protocol/start.ts';
import type { Cursor } from '../delivery/cursor.ts';
import type { Format } from '../delivery/format.ts';
import type { Sink } from '../delivery/sink.ts';
import type { Hub } from '../hub.ts';

/** How many items wait for a consumer before the log keeps the rest. */
const MAX_BUFFERED = 1024;

const itemFormat: Format<PageItem, readonly PageItem[]> = {
  encode: (item) => item,
  join: (items) => items,
};

export interface LocalHandlers {
  message?(message: Message): void;
  gap?(gap: Gap): void;
}

type State =
  | { readonly kind: 'open'; readonly waiting: ((result: IteratorResult<Message, undefined>) => void)[] }
  | { readonly kind: 'closed' };

/**
 * A subscriber within the program: its handler is called for each message, or it is iterated. A slow
 * iteration holds back nobody: what it has not come to stays in the log.
 */
export class LocalSubscription implements AsyncIterableIterator<Message, undefined>, Sink {
  readonly format = itemFormat;
  readonly #hub: Hub;
  readonly #handlers: LocalHandlers;
  readonly #cursor: Cursor;
  readonly #signal: AbortSignal | undefined;
  #buffered: PageItem[] = [];
  #state: State = { kind: 'open', waiting: [] };

  /** @param signal closes it */
  constructor(
    hub: Hub,
    channels: readonly string[],
    start: Start,
    handlers: LocalHandlers,
    signal?: AbortSignal,
  ) {
    signal?.throwIfAborted();
    this.#hub = hub;
    this.#handlers = handlers;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort);
    this.#cursor = hub.fanOut.open(channels, this, start);
    hub.locals.add(this);
    void this.#cursor.resume();
  }

  get writable(): boolean {
    return this.#buffered.length < MAX_BUFFERED;
  }

  write(items: unknown): void {
    this.#buffered.push(...(items as readonly PageItem[]));
    // Not from within the fan-out, whose loop a handler that unsubscribes would change.
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

  next(): Promise<IteratorResult<Message, undefined>> {
    const { promise, resolve } = withResolvers<IteratorResult<Message, undefined>>();
    if (this.#state.kind === 'closed') resolve({ done: true, value: undefined });
    else this.#state.waiting.push(resolve);
    this.#deliver();
    return promise;
  }

  async return(): Promise<IteratorResult<Message, undefined>> {
    this.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #abort = (): void => this.close();

  #deliver(): void {
    while (this.#state.kind === 'open' && this.#buffered.length > 0) {
      const { message } = this.#handlers;
      if (!message && this.#state.waiting.length === 0) break;
      const item = this.#buffered.shift()!;
      if (item.kind === 'gap') void this.#call(() => this.#handlers.gap?.(gapOf(item.gap)));
      else if (message) void this.#call(() => message(messageOf(item.message)));
      else this.#state.waiting.shift()!({ done: false, value: messageOf(item.message) });
    }
    if (this.writable) void this.#cursor.resume();
  }

  /** One that is async may fail later. */
  async #call(handler: () => unknown): Promise<void> {
    try {
      await handler();
    } catch (error) {
      this.#hub.report(error);
    }
  }
}

function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
