import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertKnown, assertListening, assertOptions } from './config/check.ts';
import { logAt } from './config/log-url.ts';
import type {
  ConnectionView,
  EventsOptions,
  FanwireHub,
  SubscribeOptions,
  Subscription,
  WebTransportOptions,
} from './fanwire-hub.ts';
import { type ChannelEvent, LocalEvents } from './hub/connections/local-events.ts';
import type { LocalIterator } from './hub/connections/local-iterator.ts';
import { type LocalHandlers, LocalSubscription } from './hub/connections/local-subscription.ts';
import { listChannels, statsOf, viewOf, viewsOf } from './hub/connections/views.ts';
import { Hub } from './hub/hub.ts';
import { programKey } from './hub/publishing/idempotency-keys.ts';
import type { Log } from './log/log.ts';
import { givenPayload } from './log/message.ts';
import { CHANNEL_NAME_RULE, isChannelName } from './protocol/channel-name.ts';
import { FanwireError } from './protocol/errors.ts';
import { isMessageType, MESSAGE_TYPE_RULE, type Message } from './protocol/message.ts';
import { formatPosition } from './protocol/position.ts';
import { FROM_NOW } from './protocol/start.ts';
import { readStart } from './protocol/start-reader.ts';
import type { Defined } from './protocol/typed/channels.ts';
import { type AttachableServer, type Attached, attachHandler } from './server/attachment.ts';
import { boundedServer } from './server/bounded-server.ts';
import { drain } from './server/drain.ts';
import { serveFetch } from './server/fetch/serve-fetch.ts';
import { createHandler } from './server/handler.ts';
import { listenAtBoth } from './server/listen-at-both.ts';
import { type Mounting, serveMounted } from './server/middleware.ts';
import { NodeDrain } from './server/node-drain.ts';
import type { ServerOptions } from './server/options.ts';
import type { OwnServer } from './server/own-server.ts';
import { sendProblem } from './server/problem.ts';
import { pathOf } from './server/request-url.ts';
import { assertSafeAddress } from './server/safe-address.ts';
import { certificateOf } from './server/tls/certificate-of.ts';
import { fingerprintOf } from './server/tls/key-pair.ts';
import { serveWebTransport, type WebTransportServer } from './server/webtransport-server.ts';
import type { HubOf } from './typed-hub.ts';

/** How long the rest of a proxy's or browser's idle connection is kept: longer than their own 60 s. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Creates a hub: alone with `listen`, or inside a server of your own with `attach` or `handler`.
 * @throws TypeError or FanwireError for options that can't hold, naming the option
 */
export function createHub<Channels = undefined>(
  options: ServerOptions & { readonly channels?: Partial<Defined<Channels>> } = {},
): HubOf<Channels> {
  return createUntypedHub(options) as HubOf<Channels>;
}

function createUntypedHub(options: ServerOptions): FanwireHub {
  assertOptions(options);
  let closing: Promise<void> | undefined;
  const hub = new Hub(logOf(options), options);
  const draining = new NodeDrain(hub.connections);
  const handler = createHandler(hub, options, () => (closing ? 'closing' : draining.view.state));
  const detachments = new Set<() => void>();
  const servers = new Set<OwnServer>();
  const sessionServers = new Set<WebTransportServer>();
  const { basePath = '/' } = options;
  const monitoring = {
    /** On a server that is not the hub's alone. */
    atBasePath: options.monitoring ?? basePath !== '/',
    mounted: options.monitoring ?? true,
  };
  const mounting: Mounting = { basePath, monitoring, isAttached: () => detachments.size > 0 };

  function attach(server: AttachableServer): () => void {
    const detach = attachHandler(server, attached(monitoring.atBasePath));
    detachments.add(detach);
    return () => {
      if (detachments.delete(detach)) detach();
    };
  }

  return {
    node: hub.node,

    async publish(channel, data, options = {}) {
      assertKnown('publish', options, ['type', 'key', 'idempotencyKey']);
      const { type, key, idempotencyKey } = options;
      assertChannels([channel]);
      if (type !== undefined && !isMessageType(type)) throw new TypeError(`type: ${MESSAGE_TYPE_RULE}`);
      const payload = givenPayload(data);
      const { position } = await hub.publishing.asProgram({
        channel,
        payload,
        type,
        conflationKey: key,
        idempotencyKey:
          idempotencyKey === undefined ? undefined : programKey(idempotencyKey, { type, payload }),
      });
      return { id: formatPosition(position) };
    },

    subscribe<Data>(
      channels: string | readonly string[],
      given?: ((message: Message<Data>) => void) | SubscribeOptions<Data>,
    ) {
      const names = typeof channels === 'string' ? [channels] : channels;
      assertChannels(names);
      const options: SubscribeOptions<Data> =
        typeof given === 'function' ? { onMessage: given } : (given ?? {});
      assertKnown('subscribe', options, ['onMessage', 'onGap', 'after', 'last', 'signal']);
      const { onMessage, onGap, after, last, signal } = options;
      const handlers: LocalHandlers = {
        ...(onMessage && { message: onMessage as (message: Message) => void }),
        ...(onGap && { gap: onGap }),
      };
      const start = readStart(after, last) ?? FROM_NOW;
      return new LocalSubscription(hub, names, start, handlers, signal) as Subscription<Data>;
    },

    events<Data>(channels: string | readonly string[], { after, last, signal }: EventsOptions = {}) {
      const names = typeof channels === 'string' ? [channels] : channels;
      assertChannels(names);
      const start = readStart(after ?? undefined, last ?? undefined) ?? FROM_NOW;
      return new LocalEvents(hub, names, start, signal) as LocalIterator<ChannelEvent<Data>>;
    },

    presence: (channel) => hub.presence.members(channel),

    occupancy: (channel) => hub.occupancy(channel),

    connections: () => viewsOf(hub),

    channels: ({ most = 100, search = '' } = {}) => listChannels(hub, most, search),

    stats: () => ({ ...statsOf(hub), drain: draining.view }),

    drain: ({ withinMs } = {}) => draining.begin(withinMs),

    resume: () => draining.end(),

    disconnect,

    revoke: ({ subject, issuedBefore }) => hub.subjects.revoke(subject, issuedBefore),

    recheck: (whom) => hub.rechecks.recheck(whom),

    handler(request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) {
      if (serveMounted(handler, mounting, request, response)) return;
      if (next) next();
      else sendProblem(response, new FanwireError('not_found', 'channels are at /channels/NAME'));
    },

    fetch: (request, info) => serveFetch(handler, monitoring.atBasePath, request, info),

    attach,

    webtransport: serveSessions,

    async listen(listening = {}) {
      assertListening(listening);
      const { host = '127.0.0.1', port = 8080, anonymous = false, tls, webtransport } = listening;
      assertSafeAddress(host, { authorise: options.authorise, anonymous });
      assertNotClosing();
      const certificate = tls && certificateOf(tls, (error) => hub.report(error));
      const own = boundedServer(options, { keepAliveMs: KEEP_ALIVE_MS, certificate });
      const { server } = own;
      attachHandler(server, attached(options.monitoring ?? true));
      const overTcp = async () => {
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject).listen(port, host, () => {
            server.off('error', reject);
            resolve();
          });
        });
        if (closing) server.close();
        assertNotClosing();
        servers.add(own);
        return server.address() as AddressInfo;
      };
      const overUdp = async (port: number) => {
        const more = webtransport === true ? {} : webtransport;
        const sessions = await startSessions({ ...more, host, port, tls: certificate! });
        return { close: () => endSessions(sessions) };
      };
      const address = await listenAtBoth(port, overTcp, webtransport ? overUdp : undefined);
      const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      const url = `${tls ? 'https' : 'http'}://${shown}:${address.port}`;
      return {
        url,
        host: address.address,
        port: address.port,
        ...(certificate && { sha256: fingerprintOf(certificate.pair) }),
      };
    },

    close({ drainMs } = {}) {
      closing ??= close(drainMs);
      return closing;
    },
  };

  async function serveSessions(options: WebTransportOptions) {
    return { port: (await startSessions(options)).port };
  }

  async function startSessions(options: WebTransportOptions): Promise<WebTransportServer> {
    const { host = '127.0.0.1', port, tls, url, limits } = options;
    assertNotClosing();
    const certificate =
      typeof tls === 'object' && 'pair' in tls ? tls : certificateOf(tls, (error) => hub.report(error));
    const server = await serveWebTransport({
      host,
      port,
      certificate,
      url,
      limits,
      take: handler.session,
      offered(offer) {
        hub.webtransport = offer;
      },
      report: (error) => hub.report(error),
    });
    if (closing) await server.close();
    assertNotClosing();
    sessionServers.add(server);
    return server;
  }

  async function endSessions(server: WebTransportServer): Promise<void> {
    sessionServers.delete(server);
    hub.webtransport = undefined;
    await server.close();
  }

  function disconnect(selected: (connection: ConnectionView) => boolean): number;
  function disconnect(whom: { readonly subject: string }): Promise<void>;
  function disconnect(given: ((connection: ConnectionView) => boolean) | { readonly subject: string }) {
    if (typeof given === 'object') return hub.subjects.disconnect(given.subject);
    const leaving = [...hub.connections].filter((connection) => given(viewOf(connection)));
    for (const connection of leaving) connection.close(undefined);
    return leaving.length;
  }

  function attached(monitoring: boolean): Attached {
    return {
      owns: (path) => handler.owns(path, monitoring),
      request: (request, response) => handler.request(request, response, pathOf(request), monitoring),
      upgrade: handler.upgrade,
    };
  }

  function assertNotClosing(): void {
    if (closing) throw new FanwireError('draining', 'the hub has been closed: create another one to listen');
  }

  async function close(drainMs: number | undefined): Promise<void> {
    const closed = [...servers].map(({ server }) => new Promise((done) => server.close(done)));
    for (const own of servers) own.retire();
    draining.end();
    await drain(hub.connections, drainMs);
    await handler.closeEndpoints();
    await handler.settled();
    await hub.close();
    handler.endSockets();
    await handler.sessionsEnded();
    await Promise.all([...sessionServers].map((server) => server.close()));
    await Promise.all([...servers].map((own) => own.end()));
    await Promise.all(closed);
    for (const detach of detachments) detach();
  }
}

function logOf({ log = 'memory' }: ServerOptions): Log {
  return typeof log === 'string' ? logAt(log) : log;
}

function assertChannels(channels: readonly string[]): void {
  const invalid = channels.find((channel) => !isChannelName(channel));
  if (invalid !== undefined || channels.length === 0) {
    throw new FanwireError('invalid_channel', `${JSON.stringify(invalid ?? [])}: ${CHANNEL_NAME_RULE}`);
  }
}
