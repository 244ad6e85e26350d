import type { FanwireHub } from '../fanwire-hub.ts';
import type { Gap } from '../protocol/gap.ts';

export interface PubSubOptions {
  /** The channel of a trigger. Default: its name. */
  readonly channelOf?: (trigger: string) => string;
  /**
   * Told of messages that can't be given any more, which a payload has no place for. Default: the iteration fails, so that the
   * subscription ends with an error; a callback's is told to `console.error`.
   */
  readonly onGap?: (gap: Gap) => void;
}

export interface PubSubStart {
  /** A position, `start` or `now`, which is the default. */
  readonly after?: string | null | undefined;
}

/**
 * The PubSub of `graphql-subscriptions`, over the channels of a hub: what one process publishes every process of the same log
 * gets, and nothing is lost while a subscriber is slow. Its payloads are messages' data, so that they have to be JSON.
 */
export class PubSub {
  readonly #hub: Pick<FanwireHub, 'publish' | 'events'>;
  readonly #channelOf: (trigger: string) => string;
  readonly #onGap: ((gap: Gap) => void) | undefined;
  readonly #subscriptions = new Map<number, AbortController>();
  #lastId = 0;

  constructor(
    hub: Pick<FanwireHub, 'publish' | 'events'>,
    { channelOf = (trigger) => trigger, onGap }: PubSubOptions = {},
  ) {
    this.#hub = hub;
    this.#channelOf = channelOf;
    this.#onGap = onGap;
  }

  /** Resolves once the log has it. @throws FanwireError as `hub.publish` */
  async publish(trigger: string, payload: unknown): Promise<void> {
    await this.#hub.publish(this.#channelOf(trigger), payload);
  }

  /** @returns what `unsubscribe` takes */
  async subscribe(
    trigger: string,
    onMessage: (payload: never) => void,
    { after }: PubSubStart = {},
  ): Promise<number> {
    const stop = new AbortController();
    const events = this.#hub.events(this.#channelOf(trigger), {
      after,
      signal: stop.signal,
    });
    const id = ++this.#lastId;
    this.#subscriptions.set(id, stop);
    const run = async () => {
      for await (const payload of this.#payloads(events)) {
        // A callback that fails once is called for the next one all the same.
        await new Promise<void>((called) => called(onMessage(payload as never))).catch(console.error);
      }
    };
    run().catch(console.error);
    return id;
  }

  unsubscribe(id: number): void {
    this.#subscriptions.get(id)?.abort();
    this.#subscriptions.delete(id);
  }

  /** The payloads of one trigger or several, for a resolver's `subscribe`. */
  asyncIterableIterator<Payload = unknown>(
    triggers: string | readonly string[],
    { after }: PubSubStart = {},
  ): AsyncIterableIterator<Payload> {
    const names = typeof triggers === 'string' ? [triggers] : triggers;
    const events = this.#hub.events<Payload>(names.map(this.#channelOf), { after });
    return this.#payloads(events);
  }

  /** The name that it had before version 3. */
  asyncIterator<Payload = unknown>(
    triggers: string | readonly string[],
    start?: PubSubStart,
  ): AsyncIterableIterator<Payload> {
    return this.asyncIterableIterator(triggers, start);
  }

  #payloads<Payload>(events: ReturnType<FanwireHub['events']>): AsyncIterableIterator<Payload> {
    const onGap = this.#onGap;
    const iterator: AsyncIterableIterator<Payload> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        for (;;) {
          const { value } = await events.next();
          if (!value) return { done: true, value: undefined };
          const { message, gap } = value;
          if (message) return { done: false, value: message.data as Payload };
          if (!onGap) {
            await events.return?.();
            throw new Error(
              `messages of ${gap.channel} after ${gap.from} up to ${gap.to} are lost: ${gap.reason}`,
            );
          }
          onGap(gap);
        }
      },
      async return() {
        await events.return?.();
        return { done: true, value: undefined };
      },
    };
    return iterator;
  }
}
