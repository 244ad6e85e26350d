import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { COMPUTER_CHANNEL } from '../console/computer.ts';
import { type Console, openConsole } from '../console/console.ts';
import { createHub } from '../create-hub.ts';
import type { Log } from '../log/log.ts';
import type { FanwireError } from '../protocol/errors.ts';
import { FROM_NOW } from '../protocol/start.ts';
import { boundedServer } from '../server/bounded-server.ts';
import { listenAtBoth } from '../server/listen-at-both.ts';
import type { OwnServer } from '../server/own-server.ts';
import type { Certificate } from '../server/tls/certificate.ts';
import { onEndSignal } from './end-signals.ts';
import { endpointsOf } from './endpoints.ts';
import { Failure } from './failure.ts';
import { isFirstWorker } from './workers.ts';

export interface NodeSettings {
  readonly config: Config;
  readonly log: Log;
  readonly host: string;
  readonly port: number;
  readonly withPage: boolean;
  /** Serves HTTPS. */
  readonly certificate: Certificate | undefined;
  /** Takes a certificate. */
  readonly webtransport: NonNullable<Config['webtransport']>;
}

/** Serves from this process until a signal ends it; resolves once it listens. @throws Failure */
export async function startNode(settings: NodeSettings): Promise<AddressInfo> {
  const { config, log, host, port, withPage, certificate, webtransport } = settings;
  // What the log fails of at the beginning is told below, once.
  let report: (error: unknown) => void = () => {};
  const onError = (error: unknown) => report(error);
  const endpoints = await endpointsOf(config);
  const names = endpoints.map(({ name }) => name);
  const page = withPage ? await openConsole(config.basePath ?? '/', names) : undefined;
  const hub = createHub({ monitoring: true, ...hubOptionsOf(config, page), endpoints, log, onError });
  await log.read([COMPUTER_CHANNEL], FROM_NOW, { messages: 1, bytes: 1 }).catch((error: FanwireError) => {
    // An engine that can't be reached may yet come; a directory or a package does not appear by itself.
    if (error.retryAfter === undefined) throw new Failure(error.message);
    console.error(`fanwire: ${error.message}; serving all the same`);
  });
  report = config.onError ?? console.error;

  const own = boundedServer(config, { listener: page?.listener, certificate });
  const { server } = own;
  hub.attach(server);
  const overTcp = async () => {
    await listen(server, host, port);
    return server.address() as AddressInfo;
  };
  const overUdp = async (port: number) => {
    const more = webtransport === true ? {} : webtransport;
    await hub.webtransport({ ...more, host, port, tls: certificate! }).catch((error: Error) => {
      throw new Failure(`WebTransport: ${error.message}`);
    });
    return { close: () => hub.close({ drainMs: 0 }) };
  };
  const address = await listenAtBoth(port, overTcp, webtransport ? overUdp : undefined).catch(
    async (error: unknown) => {
      // Still listening, or with a log that is open, the process would not end.
      server.close();
      // What is told is why it can't listen.
      await hub.close({ drainMs: 0 }).catch(() => {});
      await own.end();
      throw error;
    },
  );
  onEndSignal(() => {
    own.retire();
    void hub
      .close()
      .then(() => own.end())
      .then(() => process.exit(0));
  });
  page?.start(hub, server, isFirstWorker());
  return address;
}

function hubOptionsOf(config: Config, page: Console | undefined) {
  const {
    host: _host,
    port: _port,
    anonymous: _anonymous,
    console: _console,
    tls: _tls,
    webtransport: _webtransport,
    graphql: _graphql,
    grpc: _grpc,
    log: _log,
    ...options
  } = config;
  return {
    ...options,
    // One's own under the same name replaces it.
    ...(page && {
      channels: { ...page.options.channels, ...options.channels },
      requests: { ...page.options.requests, ...options.requests },
      onOccupied: both(page.options.onOccupied, options.onOccupied),
      onVacated: both(page.options.onVacated, options.onVacated),
    }),
  };
}

type ChannelHook = (channel: string) => void;

function both(first: ChannelHook, second: ChannelHook = () => {}): ChannelHook {
  return (channel) => {
    first(channel);
    // Its promise, if it gives one, is the hub's to await.
    return second(channel);
  };
}

function listen(server: OwnServer['server'], host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Failure(listenFault(error, host, port))),
    );
    server.listen(port, host, resolve);
  });
}

function listenFault({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken: stop what listens there, or choose another with --port`;
    case 'EACCES':
      return `this user may not listen on port ${port}: choose one above 1023 with --port`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this computer: choose another with --host`;
    default:
      return `cannot listen on port ${port} of ${host}: ${message}`;
  }
}
