import { FanwireError } from '../protocol/errors.ts';
import type { Member, PresenceReply, PublishReply, RequestReply, ServerFrame } from '../protocol/frames.ts';
import type { Message } from '../protocol/message.ts';
import { toBase64 } from './base64.ts';
import { createChannels } from './channels.ts';
import { type ActiveLink, createConnection } from './connection/connection.ts';
import { type Status, statusOf } from './connection/status.ts';
import type { Environment } from './environment.ts';
import type { Failure } from './failure.ts';
import { type ClientOptions, DEFAULTS } from './options.ts';
import { createOutbox, type Outbox, type SendOptions } from './outbox.ts';
import { createRemembered } from './remembered.ts';
import { guarded, report } from './report.ts';
import { createSubscription, type SubscribeOptions, type Subscription } from './subscription.ts';
import { createTokenSource } from './token.ts';
import { ask } from './transports/ask.ts';
import { httpStreaming } from './transports/http-streaming.ts';
import { longPolling } from './transports/long-polling.ts';
import { polling } from './transports/polling.ts';
import { sse } from './transports/sse.ts';
import { TRANSPORT_NAMES, type Transport, type TransportName } from './transports/transport.ts';
import { websocket } from './transports/websocket.ts';
import { createUpstream } from './upstream.ts';
import { openSocket } from './websocket.node.ts';

const TRANSPORTS: readonly Transport[] = [websocket, sse, httpStreaming, longPolling, polling];
const REQUEST_TIMEOUT_MS = 30_000;
/** A token is replaced when so much of its life is over. */
const TOKEN_SHARE = 0.8;
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface PublishOptions {
  readonly type?: string;
  /** What a conflating channel replaces. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Default 30000. */
  readonly timeoutMs?: number;
}

export interface Client {
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
  readonly status: Status;
  /** @returns what ends it */
  onStatus(listener: (status: Status) => void): () => void;
  close(): void;
}

/**
 * Connects to a hub. Nothing is opened before the next microtask.
 * @param url the hub's base, `https://example.com/realtime`; in browsers it may be relative
 */
export function connect(url: string, options: ClientOptions = {}): Client {
  const settings = { ...DEFAULTS, ...options };
  const environment = environmentOf(url, settings);
  const transports = transportsOf(settings.transports);
  const policy = { ...settings, plain: transports.findLast((each) => !each.streaming)?.name };
  const remembered = createRemembered(options.storage, environment.endpoint);
  const listeners = new Set<(status: Status) => void>();

  // A client id that is used again must not repeat a sequence number: the hub would drop what it names.
  let lastRef = options.clientId ? Date.now() * 1000 : 0;
  const nextRef = () => ++lastRef;

  let turn = 0;
  /** Once for all that changes in a turn: over HTTP other subscriptions cost a request. */
  const flush = () => {
    const mine = ++turn;
    queueMicrotask(() => mine === turn && sync(connection.link()));
  };
  const channels = createChannels(nextRef, flush);
  const lane = (repeats: boolean) => {
    const outbox = createOutbox(nextRef, flush, repeats);
    return { ...outbox, post: createUpstream(environment, outbox) };
  };
  const publishes = lane(true);
  // Beside the others: how long a handler takes is the application's affair.
  const requests = lane(false);
  const lanes = [publishes, requests];

  const sync = (link: ActiveLink | undefined) => {
    if (link?.send) {
      link.send([...channels.changes(link.id), ...lanes.flatMap((each) => each.take(link.id))]);
    } else if (link) {
      if (!channels.isCurrent(link.id)) link.refresh();
      for (const each of lanes) each.post();
    }
  };

  let tokenTimer: ReturnType<typeof setTimeout> | undefined;
  const renewTokenIn = (lifeMs = 0) => {
    clearTimeout(tokenTimer);
    const { forget, get, renewable } = environment.tokens;
    if (!lifeMs || !renewable) return;
    const renew = () => {
      // The new one is taken to live as long; over HTTP another welcome says so.
      renewTokenIn(lifeMs);
      forget();
      get().then(
        (token) => {
          const link = connection.link();
          if (link?.send) link.send([JSON.stringify({ ref: nextRef(), token })]);
          else link?.refresh();
        },
        // The old one is good for a while, and then the hub's refusal has it asked for again.
        () => {},
      );
    };
    tokenTimer = setTimeout(renew, Math.min(MAX_TIMER_MS, lifeMs * TOKEN_SHARE));
  };

  const answer = (frame: ServerFrame) => {
    if ('ref' in frame) for (const each of lanes) each.answer(frame);
  };

  const connection = createConnection(environment, transports, policy, remembered.read(), {
    adopted(link) {
      channels.adopted();
      if (link.send) for (const each of lanes) each.requeue();
      // Once the link before has given back what it had not got an answer for.
      flush();
    },
    received(frame, link) {
      channels.receive(frame, link.id);
      if ('welcome' in frame) renewTokenIn(frame.welcome.expiresInMs);
      answer(frame);
    },
    late: answer,
    awaits: requests.awaits,
    ended(id) {
      channels.ended(id);
      for (const each of lanes) each.lost(id);
    },
    subscriptions: channels.request,
    changed(state) {
      if (state.kind === 'connected') remembered.write(state.link.transport);
      if (state.kind === 'closed') {
        clearTimeout(tokenTimer);
        const error = closedBy(state.failure);
        for (const each of lanes) each.fail(error);
        channels.fail(error);
      }
      const status = client.status;
      for (const listener of listeners) guarded(listener, report)(status);
    },
  });

  const ensureOpen = () => {
    const state = connection.state();
    if (state.kind === 'closed') {
      throw closedBy(state.failure);
    }
  };
  const send = async <Reply>(outbox: Outbox, body: object, how?: SendOptions) => {
    ensureOpen();
    return (await outbox.add(body, how)) as Reply;
  };

  const client: Client = {
    subscribe<Data>(
      channel: string,
      given: ((message: Message<Data>) => void) | SubscribeOptions<Data> = {},
    ) {
      ensureOpen();
      return createSubscription(
        channel,
        typeof given === 'function' ? { onMessage: given } : given,
        channels,
      );
    },
    publish(channel, data, { type, key, signal } = {}) {
      const payload = data instanceof Uint8Array ? { data: toBase64(data), encoding: 'base64' } : { data };
      return send(publishes, { publish: { channel, ...payload, type, key } }, { signal });
    },
    async presence(channel) {
      return (await send<PresenceReply>(publishes, { presence: { channel } })).members;
    },
    async request(method, data, { signal, timeoutMs = REQUEST_TIMEOUT_MS } = {}) {
      return (await send<RequestReply>(requests, { request: { method, data } }, { timeoutMs, signal })).data;
    },
    get status() {
      return statusOf(connection.state(), policy.plain);
    },
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      const link = connection.link();
      const bye = JSON.stringify({ bye: true });
      link?.send?.([bye]);
      connection.dispatch({ kind: 'close' });
      // After the link's own end, so that the hub hears of both in this order.
      if (link && !link.send) {
        const request = { frames: [bye], keepalive: true };
        ask(environment, request, new AbortController(), environment.proofTimeoutMs).catch(() => {});
      }
    },
  };
  queueMicrotask(() => connection.dispatch({ kind: 'start' }));
  return client;
}

function closedBy(failure: Failure | undefined): FanwireError {
  return new FanwireError(failure?.code ?? 'closed', failure?.detail ?? 'the client was closed');
}

function transportsOf(names: readonly TransportName[]): readonly Transport[] {
  const found = names.flatMap((name) => TRANSPORTS.filter((each) => each.name === name));
  if (found.length > 0 && found.length === names.length) return found;
  throw new FanwireError('invalid_parameter', `transports: not “${names}” but some of ${TRANSPORT_NAMES}`);
}

function environmentOf(url: string, settings: typeof DEFAULTS & ClientOptions): Environment {
  const { WebSocket: Given, fetch: given = fetch } = settings;
  return {
    ...settings,
    endpoint: new URL(`${url.replace(/\/+$/, '')}/connect`, globalThis.location?.href).href,
    clientId: settings.clientId ?? crypto.randomUUID(),
    tokens: createTokenSource(settings.token),
    // Called as a method of anything but the window, browsers refuse it.
    fetch: (input, init) => given(input, init),
    openSocket: Given ? (address) => new Given(address) : openSocket,
  };
}
