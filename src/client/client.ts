import type { Member, PresenceReply, PublishReply, RequestReply } from '../protocol/frames.ts';
import type { Message } from '../protocol/message.ts';
import { toBase64 } from './base64.ts';
import type { Status } from './connection/status.ts';
import { type Core, createCore } from './core.ts';
import type { ClientOptions } from './options.ts';
import type { Outbox, SendOptions } from './outbox.ts';
import { guarded, report } from './report.ts';
import { createSubscription, type SubscribeOptions, type Subscription } from './subscription.ts';

const REQUEST_TIMEOUT_MS = 30_000;

export interface PublishOptions {
  readonly type?: string;
  /** What a conflating channel replaces. */
  readonly key?: string;
  /**
   * 1 to 255 visible ASCII characters: what was published on the channel under the same key within 10 minutes, by a page
   * before a reload for example, is not published again. Default: one that no other publish has.
   */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Default 30000. */
  readonly timeoutMs?: number;
}

export interface Client<S extends Status = Status> {
  /**
   * Reads a channel. With a handler (or `onMessage`) messages are handed to it, else they are read by
   * `for await`, whose end by `break` ends the subscription.
   */
  subscribe<Data = unknown>(
    channel: string,
    options?: ((message: Message<Data>) => void) | SubscribeOptions<Data>,
  ): Subscription<Data>;
  /**
   * Resolves once the log has it; is sent again until then, and applied once. In order.
   * @throws (rejects) FanwireError as the hub refused it; `closed`
   */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<PublishReply>;
  /** Who is on a channel. */
  presence(channel: string): Promise<readonly Member[]>;
  /**
   * Asks the hub's handler of that name; not sent twice.
   * @throws (rejects) FanwireError as the hub refused it; `connection_lost` when the answer is unknown; `closed`
   */
  request(method: string, data?: unknown, options?: RequestOptions): Promise<unknown>;
  readonly status: S;
  /** @returns what ends it */
  onStatus(listener: (status: S) => void): () => void;
  close(): void;
}

/**
 * Connects to a hub. Nothing is opened before the next microtask.
 * @param url the hub's base, `https://example.com/realtime`; in browsers it may be relative
 */
export function connect(url: string, options: ClientOptions = {}): Client {
  return clientOver((changed) => createCore(url, options, changed));
}

/** @param open is given what to call when the status has changed */
export function clientOver<S extends Status>(open: (changed: () => void) => Core<S>): Client<S> {
  const listeners = new Set<(status: S) => void>();
  const core = open(() => {
    const status = core.status();
    for (const listener of listeners) guarded(listener, report)(status);
  });
  const send = async <Reply>(outbox: Outbox, body: object, how?: SendOptions) => {
    core.assertOpen();
    return (await outbox.add(body, how)) as Reply;
  };

  return {
    subscribe<Data>(
      channel: string,
      given: ((message: Message<Data>) => void) | SubscribeOptions<Data> = {},
    ) {
      core.assertOpen();
      return createSubscription(
        channel,
        typeof given === 'function' ? { onMessage: given } : given,
        core.channels,
      );
    },
    publish(channel, data, { signal, ...more } = {}) {
      const payload = data instanceof Uint8Array ? { data: toBase64(data), encoding: 'base64' } : { data };
      return send(core.publishes, { publish: { ...more, channel, ...payload } }, { signal });
    },
    async presence(channel) {
      return (await send<PresenceReply>(core.publishes, { presence: { channel } })).members;
    },
    async request(method, data, { signal, timeoutMs = REQUEST_TIMEOUT_MS } = {}) {
      const body = { request: { method, data } };
      return (await send<RequestReply>(core.requests, body, { signal, timeoutMs })).data;
    },
    get status() {
      return core.status();
    },
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => core.close(),
  };
}
