import { gapOf } from '../../log/gap.ts';
import type { PageItem } from '../../log/log.ts';
import { messageOf } from '../../log/message.ts';
import type { Gap } from '../../protocol/gap.ts';
import type { Message } from '../../protocol/message.ts';
import type { Start } from '../../protocol/start.ts';
import type { Hub } from '../hub.ts';
import { LocalReader } from './local-reader.ts';

/** How many items wait for a consumer before the log keeps the rest. */
const MAX_BUFFERED = 1024;

export interface LocalHandlers {
  message?(message: Message): void;
  gap?(gap: Gap): void;
}

/** A subscriber within the program: its handler is called for each message, or it is iterated. */
export class LocalSubscription extends LocalReader<Message> {
  readonly #hub: Hub;
  readonly #handlers: LocalHandlers;

  /** @param signal closes it */
  constructor(
    hub: Hub,
    channels: readonly string[],
    start: Start,
    handlers: LocalHandlers,
    signal?: AbortSignal,
  ) {
    super(hub, channels, start, MAX_BUFFERED, signal);
    this.#hub = hub;
    this.#handlers = handlers;
  }

  protected get eager(): boolean {
    return this.#handlers.message !== undefined;
  }

  protected valueOf(item: PageItem): Message | undefined {
    const { message, gap } = this.#handlers;
    if (item.kind === 'gap') void this.#call(() => gap?.(gapOf(item.gap)));
    else if (message) void this.#call(() => message(messageOf(item.message)));
    else return messageOf(item.message);
    return undefined;
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
