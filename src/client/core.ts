import { FanwireError } from '../protocol/errors.ts';
import type { ErrorFrame, ServerFrame, TokenReply, WelcomeFrame } from '../protocol/frames.ts';
import type { Message } from '../protocol/message.ts';
import { type Runtime, SYSTEM_RUNTIME, type Timer } from '../protocol/runtime.ts';
import { TRANSPORT_NAMES, type TransportName } from '../protocol/transport-name.ts';
import { type Channels, createChannels } from './channels.ts';
import { type ActiveLink, createConnection } from './connection/connection.ts';
import { type Status, statusOf } from './connection/status.ts';
import type { Environment } from './environment.ts';
import { type ClientOptions, DEFAULTS } from './options.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { randomId } from './random-id.ts';
import { createRemembered } from './remembered.ts';
import { createTokenSource, type TokenOption } from './token.ts';
import { ask } from './transports/ask.ts';
import { httpStreaming } from './transports/http-streaming.ts';
import { longPolling } from './transports/long-polling.ts';
import { polling } from './transports/polling.ts';
import { sse } from './transports/sse.ts';
import type { Transport } from './transports/transport.ts';
import { websocket } from './transports/websocket.ts';
import { webtransport } from './transports/webtransport.ts';
import { createUpstream } from './upstream.ts';
import { openSocket } from './websocket.node.ts';

/** A name without an implementation does not compile. */
const TRANSPORTS: Readonly<Record<TransportName, Transport>> = {
  webtransport,
  websocket,
  sse,
  'http-streaming': httpStreaming,
  'long-polling': longPolling,
  polling,
};
/** A token is renewed when so much of its life is over. */
const TOKEN_SHARE = 0.8;
/** A handler of `request` may take long; a publish is answered once the log has it. */
const REQUEST_LIMIT_MS = 60_000;
const PUBLISH_LIMIT_MS = 10_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What a client works on: a connection of its own, or its share of one that another tab holds. */
export interface Core<S extends Status = Status> {
  readonly channels: Channels;
  /** Frames that are sent again until they are answered, in order. */
  readonly publishes: Outbox;
  /** Frames that are sent once. They don't hold up the publishes, because a handler may take as long as it likes. */
  readonly requests: Outbox;
  status(): S;
  /** Whether this client published the message. */
  isOwn(message: Message): boolean | Promise<boolean>;
  /** @throws FanwireError the reason why the client has closed */
  assertOpen(): void;
  /** Replaces the token from now on. */
  setToken(token: TokenOption | undefined): void;
  /** @param quiet without a goodbye, because another connection of the same client takes over */
  close(quiet?: boolean): void;
}

/**
 * A connection to a hub. Nothing is opened before the next microtask.
 * @param changed called when the status may have changed
 */
export function createCore(
  url: string,
  options: ClientOptions,
  changed: () => void,
  runtime: Runtime = SYSTEM_RUNTIME,
): Core {
  const settings = { ...DEFAULTS, ...options };
  const environment = environmentOf(url, settings, runtime);
  const transports = transportsOf(settings.transports);
  const policy = {
    ...settings,
    plain: transports.findLast((each) => !each.streaming)?.name,
    /** WebTransport takes a hub that offers it, unless nothing else may be tried. */
    get transports() {
      const offered = transports.length < 2 || (environment.offer && 'WebTransport' in globalThis);
      return settings.transports.filter((name) => offered || name !== 'webtransport');
    },
  };
  // The best of a few chosen transports says nothing to a client that may use all.
  const remembered = createRemembered(options.transports ? null : options.storage, environment.endpoint);
  const [worked, offer] = remembered.read();
  environment.offer = offer;

  // A client that uses an id again must not repeat a `ref`, because the hub drops a publish whose `ref` it has had.
  let lastRef = options.clientId ? runtime.now() * 1000 : 0;
  const nextRef = () => ++lastRef;

  let turn = 0;
  /** Syncs once for all changes of a turn, because over HTTP changed subscriptions cost a request. */
  const flush = () => {
    const mine = ++turn;
    queueMicrotask(() => mine === turn && sync(connection.link()));
  };
  const channels = createChannels(nextRef, flush, runtime);
  const sender = (repeats: boolean, limitMs: number) => {
    const outbox = createOutbox(nextRef, flush, repeats, policy.backoffMs, runtime);
    return { ...outbox, ...createUpstream(environment, outbox, repeats, limitMs) };
  };
  const publishes = sender(true, PUBLISH_LIMIT_MS);
  const requests = sender(false, REQUEST_LIMIT_MS);
  const senders = [publishes, requests];

  const sync = (link: ActiveLink | undefined) => {
    if (link?.send) {
      link.send([...channels.changes(link.id), ...senders.flatMap((each) => each.take(link.id))]);
    } else if (link) {
      if (!channels.isCurrent(link.id)) link.refresh();
      for (const each of senders) each.post();
    }
  };

  /** What the hub has called this client: another name for each subject. `from` is the newest. */
  const names = new Set<string | undefined>();
  let from: string | undefined;
  let error: FanwireError | undefined;
  let tokenTimer: Timer | undefined;
  const renewTokenIn = (lifeMs = 0) => {
    runtime.clear(tokenTimer);
    if (!lifeMs || !environment.tokens.renewable()) return;
    const renew = () => {
      // The new token is taken to live as long as the old one. Over HTTP another welcome tells.
      renewTokenIn(lifeMs);
      environment.tokens.forget();
      // If the function fails, the old token is good for a while. Then the hub refuses it, and the function is called again.
      tellToken().catch(() => {});
    };
    tokenTimer = runtime.setTimeout(renew, Math.min(MAX_TIMER_MS, lifeMs * TOKEN_SHARE));
  };
  /** Tells the hub the current token. Where no frame can do so (there is no link yet, or no token any more) the connection begins anew. */
  const tellToken = async () => {
    const token = await environment.tokens.get();
    const link = connection.link();
    if (!link || (link.send && token === undefined)) connection.dispatch({ kind: 'renew' });
    else if (link.send) link.send([JSON.stringify({ ref: nextRef(), token })]);
    else link.refresh();
  };

  const take = (frame: ServerFrame, linkId: number) => {
    channels.receive(frame, linkId);
    answer(frame);
  };
  const answer = (frame: ServerFrame) => {
    if ('ref' in frame) for (const each of senders) each.answer(frame);
  };
  /** If the application has another token by now, it may allow what was refused: the channel is asked for again in a while. */
  const reconsider = async (frame: ErrorFrame, linkId: number) => {
    if (await environment.tokens.isReplaced()) {
      tellToken().catch(() => {});
      take({ ...frame, error: { ...frame.error, code: 'authorisation_unavailable' } }, linkId);
    } else take(frame, linkId);
  };

  const connection = createConnection(environment, transports, policy, worked, {
    adopted(link) {
      channels.adopted();
      if (link.send) for (const each of senders) each.requeue();
      // In a microtask, when the link before has ended and given back its unanswered frames.
      flush();
    },
    received(frame, link) {
      const { welcome, ok } = frame as Partial<WelcomeFrame & { readonly ok: Partial<TokenReply> }>;
      if (welcome) renewTokenIn(welcome.expiresInMs);
      const name = (welcome ?? ok)?.from;
      if (name) names.add((from = name));
      const refused =
        'error' in frame && frame.error.code === 'unauthenticated' && environment.tokens.renewable();
      if (refused) reconsider(frame, link.id);
      else take(frame, link.id);
    },
    late: answer,
    awaits: requests.awaits,
    ended(id, failure) {
      channels.ended(id);
      // A frame that was too large would end the next link as well, if it were sent again.
      const { code, detail = '' } = failure ?? {};
      const refusal = code?.endsWith('_large') ? new FanwireError(code, detail) : undefined;
      for (const each of senders) {
        each.lost(id, refusal);
        if (failure) each.abort();
      }
    },
    subscriptions: channels.request,
    changed(state) {
      if (state.kind === 'connected') {
        const { transport } = state.link;
        remembered.write(transport, transport === 'webtransport' ? environment.offer : undefined);
      }
      if (state.kind === 'closed') {
        runtime.clear(tokenTimer);
        const { code = 'closed', detail = 'closed by the application' } = state.failure ?? {};
        error = new FanwireError(code, detail);
        for (const each of senders) each.fail(error);
        channels.fail(error);
      }
      changed();
    },
  });

  queueMicrotask(() => connection.dispatch({ kind: 'start' }));
  return {
    channels,
    publishes,
    requests,
    status: () => ({ ...statusOf(connection.state(), policy.plain), from }),
    isOwn: (message) => names.has(message.from),
    assertOpen() {
      if (error) throw error;
    },
    setToken(token) {
      environment.tokens.set(token);
      // A function that fails is called again for the next link.
      tellToken().catch(() => connection.dispatch({ kind: 'renew' }));
    },
    close(quiet) {
      const link = quiet ? undefined : connection.link();
      const frames = [JSON.stringify({ bye: true })];
      link?.send?.(frames);
      connection.dispatch({ kind: 'close' });
      // After the link has closed, so that the hub hears of the close first.
      if (link && !link.send) {
        const request = { frames, keepalive: true };
        ask(environment, request, new AbortController(), environment.proofTimeoutMs).catch(() => {});
      }
    },
  };
}

/** @throws FanwireError `invalid_parameter` */
export function transportsOf(names: readonly TransportName[]): readonly Transport[] {
  if (names.length && names.every((name) => Object.hasOwn(TRANSPORTS, name))) {
    return names.map((name) => TRANSPORTS[name]);
  }
  throw new FanwireError('invalid_parameter', `transports: not ${names} but some of ${TRANSPORT_NAMES}`);
}

/** @throws FanwireError `invalid_parameter`, also for `localhost:3000`, which is a URL of the scheme `localhost:` */
export function endpointOf(url: string): string {
  const base = globalThis.location?.href;
  if (base || URL.canParse(url)) {
    const { href } = new URL(`${url.replace(/\/+$/, '')}/connect`, base);
    if (/^https?:/.test(href)) return href;
  }
  throw new FanwireError('invalid_parameter', `url: not ${url} but like http://localhost`);
}

function environmentOf(
  url: string,
  settings: typeof DEFAULTS & ClientOptions,
  runtime: Runtime,
): Environment {
  const { WebSocket: Given, fetch: given = fetch } = settings;
  return {
    ...settings,
    runtime,
    endpoint: endpointOf(url),
    clientId: settings.clientId ?? randomId(runtime),
    tokens: createTokenSource(settings.token),
    // Browsers refuse a `fetch` that is called as a method of anything but the window.
    fetch: (input, init) => given(input, init),
    openSocket: Given ? (address) => new Given(address) : openSocket,
  };
}
