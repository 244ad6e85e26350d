import type { Runtime } from '../../protocol/runtime.ts';
import type { StoredMessage } from '../message.ts';
import type { RedisClient } from './driver.ts';
import { decodeAnnouncements } from './record.ts';
import { RedisConnection } from './redis-connection.ts';

export interface LiveFeedOptions {
  readonly create: () => RedisClient;
  readonly timeoutMs: number;
  readonly runtime: Runtime;
  /** What the names of announcements begin with. */
  readonly prefix: string;
  readonly announced: (message: StoredMessage) => void;
  /** Some messages may have been missed. */
  readonly interrupted: () => void;
}

/** Channels in one SUBSCRIBE, so that a node with many does not send it as one huge command. */
const MAX_SUBSCRIBE = 1_000;

/**
 * The announcements of the channels that somebody on this node reads, on a connection of their own. Redis
 * sends each once and keeps none: after any loss of the connection, and when an announcement names another
 * predecessor than the one that came before it, the feed says that it was interrupted.
 */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #connection: RedisConnection;
  /** For each followed channel the sequence of its newest announcement, once there was one. */
  readonly #heard = new Map<string, number | undefined>();
  #connections = 0;
  /** What a new connection brings before readers were sent to the log is for the log to give them. */
  #state: 'subscribing' | 'subscribed' = 'subscribing';

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    const { create, timeoutMs, runtime } = options;
    this.#connection = new RedisConnection({
      create,
      timeoutMs,
      runtime,
      greet: (client) => this.#subscribeAll(client),
    });
  }

  open(): Promise<void> {
    return this.#connection.open();
  }

  close(): void {
    this.#connection.close();
  }

  /** @throws FanwireError `log_unavailable`: it is followed all the same once the connection stands again */
  async follow(channel: string): Promise<void> {
    if (!this.#heard.has(channel)) this.#heard.set(channel, undefined);
    await this.#connection.ask((client) => client.subscribe([this.#nameOf(channel)], this.#listener, true));
  }

  unfollow(channel: string): void {
    if (!this.#heard.delete(channel)) return;
    // Messages that still come until Redis has heard of it are not followed, and so not announced.
    this.#connection
      .ask(async (client) => {
        if (!this.#heard.has(channel)) await client.unsubscribe(this.#nameOf(channel), this.#listener, true);
      })
      .catch(() => {});
  }

  async #subscribeAll(client: RedisClient): Promise<void> {
    this.#state = 'subscribing';
    const channels = [...this.#heard.keys()];
    for (const channel of channels) this.#heard.set(channel, undefined);
    for (let from = 0; from < channels.length; from += MAX_SUBSCRIBE) {
      const names = channels.slice(from, from + MAX_SUBSCRIBE).map((channel) => this.#nameOf(channel));
      await client.subscribe(names, this.#listener, true);
    }
    this.#connections += 1;
    this.#state = 'subscribed';
    if (this.#connections > 1) this.#options.interrupted();
  }

  readonly #listener = (bytes: Buffer, name: Buffer): void => {
    const channel = name.toString().slice(this.#options.prefix.length);
    if (this.#state === 'subscribing' || !this.#heard.has(channel)) return;
    for (const { message, previous } of decodeAnnouncements(channel, bytes)) {
      const heard = this.#heard.get(channel);
      this.#heard.set(channel, message.sequence);
      if (heard !== undefined && heard !== previous) this.#options.interrupted();
      this.#options.announced(message);
    }
  };

  #nameOf(channel: string): string {
    return this.#options.prefix + channel;
  }
}
