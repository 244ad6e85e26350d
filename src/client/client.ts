import { bytesIn } from '../protocol/bytes.ts';
import type { Member, PresenceReply, PublishReply, RequestReply } from '../protocol/frames.ts';
import type { Message } from '../protocol/message.ts';
import { toBase64 } from './base64.ts';
import type { Status } from './connection/status.ts';
import { type Core, createCore } from './core.ts';
import { assertOptions, type ClientOptions } from './options.ts';
import type { Outbox, SendOptions } from './outbox.ts';
import { createReport, guarded } from './report.ts';
import { createSubscription, type SubscribeOptions, type Subscription } from './subscription.ts';
import type { TokenOption } from './token.ts';

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
  request<Data = unknown>(method: string, data?: unknown, options?: RequestOptions): Promise<Data>;
  readonly status: S;
  /**
   * Goes on with another token, or a function that is asked for one; undefined is to be nobody. Messages and publishes
   * go on from where they were. Subscriptions that the new one does not cover are refused.
   */
  setToken(token: TokenOption | undefined): void;
  /** @returns what ends it */
  onStatus(listener: (status: S) => void): () => void;
  close(): void;
}

/**
 * Connects to a hub. Nothing is opened before the next microtask.
 * @param url the hub's base, `https://example.com/realtime`; in browsers it may be relative
 */
export function connect(url: string, options: ClientOptions = {}): Client {
  assertOptions(options);
  return clientOver((changed) => createCore(url, options, changed), options.onError);
}

/** @param open is given what to call when the status may have changed */
export function clientOver<S extends Status>(
  open: (changed: () => void) => Core<S>,
  onError?: (error: unknown) => void,
): Client<S> {
  const report = createReport(onError);
  const listeners = new Set<(status: S) => void>();
  let told = '';
  const core = open(() => {
    const status = core.status();
    const text = JSON.stringify(status);
    if (text === told) return;
    told = text;
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
        report,
      );
    },
    publish(channel, data, { signal, ...more } = {}) {
      const bytes = bytesIn(data);
      const payload = bytes ? { data: toBase64(bytes), encoding: 'base64' } : { data };
      return send(core.publishes, { publish: { ...more, channel, ...payload } }, { signal });
    },
    async presence(channel) {
      const members = new Map<string, Member>();
      let after: string | undefined;
      do {
        const page = await send<PresenceReply>(core.publishes, { presence: { channel, after } });
        for (const member of page.members) members.set(member.client, member);
        after = page.next;
      } while (after);
      return [...members.values()].sort((a, b) => a.since - b.since);
    },
    async request<Data>(
      method: string,
      data?: unknown,
      { signal, timeoutMs = REQUEST_TIMEOUT_MS }: RequestOptions = {},
    ) {
      const body = { request: { method, data } };
      return (await send<RequestReply>(core.requests, body, { signal, timeoutMs })).data as Data;
    },
    get status() {
      return core.status();
    },
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setToken(token) {
      core.assertOpen();
      core.setToken(token);
    },
    close: () => core.close(),
  };
}
