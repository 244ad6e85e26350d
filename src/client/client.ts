import { bytesIn } from '../protocol/bytes.ts';
import type { Member, PresenceFrame, PresenceReply, PublishReply, RequestReply } from '../protocol/frames.ts';
import type { Message } from '../protocol/message.ts';
import type { RequestDefinitions } from '../protocol/typed/requests.ts';
import { toBase64 } from './base64.ts';
import type { Status } from './connection/status.ts';
import { type Core, createCore } from './core.ts';
import { assertOptions, type ClientOptions } from './options.ts';
import type { Outbox, SendOptions } from './outbox.ts';
import { createReport, guarded } from './report.ts';
import { createSubscription, type SubscribeOptions, type Subscription } from './subscription.ts';
import type { TokenOption } from './token.ts';
import type { TypedClient } from './typed-client.ts';

const REQUEST_TIMEOUT_MS = 30_000;

export interface PublishOptions {
  readonly type?: string;
  /** On a conflating channel the message replaces the last one with the same key. */
  readonly key?: string;
  /**
   * 1 to 255 visible ASCII characters. If a message was published on the channel under the same key within 10 minutes, by
   * the page before a reload for example, this one is not published again. Default: a key that no other publish has.
   */
  readonly idempotencyKey?: string;
  /** Gives the publish up: it rejects with the signal's reason and is not sent again. What was sent already may be published. */
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Default 30000. */
  readonly timeoutMs?: number;
}

// The type of a method, not of a function: that of a client which knows its channels takes fewer names.
export type ChannelPresence = {
  /** The clients that are present on the channel now, the first to join first. */
  of(channel: string): Promise<readonly Member[]>;
}['of'] & {
  /** How many there are, which costs no list. Those who are just leaving may count. */
  count(channel: string): Promise<number>;
};

/** A connection to a hub, over whatever transport works. `connect` makes one. */
export interface Client<S extends Status = Status> {
  /**
   * Reads a channel. A handler, given itself or as `onMessage`, is called with each message. Without one the subscription is
   * iterated by `for await`, and a `break` ends it.
   *
   * @example
   * ```ts
   * import { connect } from 'fanwire/client';
   *
   * const fanwire = connect('http://127.0.0.1:3000');
   * fanwire.subscribe<{ home: number }>('scores', ({ data }) => console.log(data.home));
   * for await (const { id, data } of fanwire.subscribe('news', { last: 10 })) console.log(id, data);
   * ```
   */
  subscribe<Data = unknown>(
    channel: string,
    options?: ((message: Message<Data>) => void) | SubscribeOptions<Data>,
  ): Subscription<Data>;
  /**
   * Publishes a message. Resolves once the log has it. Until then the client sends it again, on whatever transport works,
   * and the hub applies it once. A client's publishes stay in order.
   *
   * @throws (rejects) FanwireError with the hub's code if the hub refuses, or `closed`
   * @example
   * ```ts
   * import { connect } from 'fanwire/client';
   *
   * const fanwire = connect('http://127.0.0.1:3000');
   * const { id } = await fanwire.publish('scores', { home: 1 });
   * console.log('in the log at', id);
   * ```
   */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<PublishReply>;
  /** Who is present on a channel. A list that stays right is `presenceList` of `fanwire/presence`. */
  readonly presence: ChannelPresence;
  /**
   * Calls the hub's handler of that name. The request is sent once.
   *
   * @throws (rejects) FanwireError with the hub's code if the hub refuses; `connection_lost` if the connection was lost before
   *   the answer, so that nobody knows whether the handler ran; or `closed`
   * @example
   * ```ts
   * import { connect } from 'fanwire/client';
   *
   * const fanwire = connect('http://127.0.0.1:3000');
   * const sum = await fanwire.request<number>('add', { a: 1, b: 2 });
   * console.log(sum);
   * ```
   */
  request<Data = unknown>(method: string, data?: unknown, options?: RequestOptions): Promise<Data>;
  readonly status: S;
  /**
   * Goes on with another token, or with a function that gives one; undefined signs out. Subscriptions keep their positions,
   * and unanswered publishes are sent again. The hub refuses the subscriptions that the new token does not cover.
   */
  setToken(token: TokenOption | undefined): void;
  /** Calls the listener whenever the status changes. @returns a function that stops it */
  onStatus(listener: (status: S) => void): () => void;
  /** Ends the connection, and every subscription and unanswered publish with the code `closed`. */
  close(): void;
}

/**
 * Connects to a hub. The first transport is opened in the next microtask.
 *
 * With types of `fanwire/channels`, `connect<typeof channels, typeof requests>(…)`, the client knows its hub's channels and requests.
 *
 * @param url the hub's base, `https://example.com/realtime`; in browsers it may be relative
 * @example
 * ```ts
 * import { connect } from 'fanwire/client';
 *
 * const fanwire = connect('http://127.0.0.1:3000');
 * fanwire.subscribe('scores', ({ data }) => console.log(data));
 * fanwire.onStatus(({ state, why }) => console.log(state, why));
 * ```
 */
export function connect(url: string, options?: ClientOptions): Client;
export function connect<Channels extends object, Requests = RequestDefinitions>(
  url: string,
  options?: ClientOptions,
): TypedClient<Channels, Requests>;
export function connect(url: string, options: ClientOptions = {}): Client {
  assertOptions(options);
  return clientOver((changed) => createCore(url, options, changed), options.onError);
}

/** A client over any core. @param open makes the core, which calls `changed` when the status may have changed */
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

  const membersPage = (presence: PresenceFrame['presence']) =>
    send<PresenceReply>(core.publishes, { presence });

  return {
    subscribe<Data>(
      channel: string,
      given: ((message: Message<Data>) => void) | SubscribeOptions<Data> = {},
    ) {
      core.assertOpen();
      return createSubscription(
        channel,
        typeof given === 'function' ? { onMessage: given } : given,
        core,
        report,
      );
    },
    publish(channel, data, { signal, ...more } = {}) {
      const bytes = bytesIn(data);
      const payload = bytes ? { data: toBase64(bytes), encoding: 'base64' } : { data };
      return send(core.publishes, { publish: { ...more, channel, ...payload } }, { signal });
    },
    presence: Object.assign(
      async (channel: string) => {
        const members = new Map<string, Member>();
        let after: string | undefined;
        do {
          const page = await membersPage({ channel, after });
          for (const member of page.members) members.set(member.client, member);
          after = page.next;
        } while (after);
        return [...members.values()].sort((a, b) => a.since - b.since);
      },
      { count: async (channel: string) => (await membersPage({ channel, limit: 0 })).count },
    ),
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
