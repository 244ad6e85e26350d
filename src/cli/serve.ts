import cluster from 'node:cluster';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { LOG_URL_RULE, logAt, logUrlFault } from '../config/log-url.ts';
import { MACHINE_CHANNEL, MACHINE_RULE, watchMachine } from '../console/machine.ts';
import { createPageListener } from '../console/page-server.ts';
import { createHub } from '../create-hub.ts';
import type { Log } from '../log/log.ts';
import { FROM_NOW } from '../protocol/start.ts';
import { assertSafeAddress } from '../server/safe-address.ts';
import { type Command, readArguments, readNumber } from './command.ts';
import { onEndSignal } from './end-signals.ts';
import { Failure, usageFailure } from './failure.ts';
import { isFirstWorker, runWorkers } from './workers.ts';

export const serve: Command = {
  summary: 'run a hub',
  help: `fanwire serve [--host HOST] [--port PORT] [--config FILE] [--log LOG] [--workers N]
              [--anonymous] [--no-console]

  --host HOST         address to listen on (default: 127.0.0.1)
  --port PORT         0 takes any free port (default: 8080)
  --config FILE       .json, .js, .mjs, .ts or .mts; options given here go before it
  --log LOG           where messages are kept: memory (the default), lmdb:DIR, redis://HOST, rediss://HOST or
                      nats://HOST
  --workers N         so many processes behind the one port, over a log that they share (default: 1)
  --anonymous         everyone may read and publish, on an address that other machines can reach, too
  --no-console        no page at /

FANWIRE_SECRET in the environment makes it ask for tokens signed with that secret; fanwire token makes them.`,

  async run(args) {
    const { values } = readArguments(args, {
      host: { type: 'string' },
      port: { type: 'string' },
      config: { type: 'string' },
      log: { type: 'string' },
      workers: { type: 'string' },
      anonymous: { type: 'boolean' },
      'no-console': { type: 'boolean' },
    });
    const config = await configOf(values.config);
    const host = values.host ?? config.host ?? '127.0.0.1';
    const port =
      values.port === undefined ? (config.port ?? 8080) : readNumber('--port', values.port, 0, 65535);
    const anonymous = values.anonymous ?? config.anonymous ?? false;
    const withPage = !values['no-console'] && (config.console ?? true);

    assertSafeAddress(host, { authorise: config.authorise, anonymous });
    const log = await logOf(values.log ?? config.log ?? 'memory');
    const workers = values.workers === undefined ? 1 : readNumber('--workers', values.workers, 1, 1024);
    const greetFrom = (address: AddressInfo) => greet(address, config.basePath ?? '/', withPage);
    if (workers > 1 && !log.capabilities.shared) {
      throw usageFailure(
        `${workers} workers need a log that they share, and ${log.capabilities.name} is each one's own: ` +
          'choose one with --log, such as lmdb:DIR',
      );
    }
    if (workers > 1 && cluster.isPrimary) return runWorkers(workers, greetFrom);

    const hub = createHub({ ...hubOptionsOf(config, withPage), log });
    await log.read([MACHINE_CHANNEL], FROM_NOW, { messages: 1, bytes: 1 }).catch((error: Error) => {
      throw new Failure(error.message);
    });
    const server = withPage ? createServer(createPageListener(config.basePath ?? '/')) : createServer();
    hub.attach(server);
    await listen(server, host, port);
    if (withPage && isFirstWorker()) {
      watchMachine((reading) => void hub.publish(MACHINE_CHANNEL, reading).catch(() => {}));
    }
    onEndSignal(() => void hub.close().then(() => process.exit(0)));
    if (cluster.isPrimary) greetFrom(server.address() as AddressInfo);
  },
};

async function logOf(named: string | Log): Promise<Log> {
  if (typeof named === 'object') return named;
  const fault = logUrlFault(named);
  if (fault) throw usageFailure(`--log: ${fault}; it takes ${LOG_URL_RULE}`);
  return logAt(named);
}

async function configOf(file: string | undefined): Promise<Config> {
  const checked = await loadConfig(file, process.env);
  if (checked.ok) return checked.config;
  throw new Failure([`${file ?? 'the environment'} can't be served:`, ...checked.faults].join('\n  '));
}

function hubOptionsOf(config: Config, withPage: boolean) {
  const {
    host: _host,
    port: _port,
    anonymous: _anonymous,
    console: _console,
    log: _log,
    ...options
  } = config;
  return {
    ...options,
    // One's own rule under the same name replaces it.
    ...(withPage ? { channels: { [MACHINE_CHANNEL]: MACHINE_RULE, ...options.channels } } : {}),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
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
      return `${host} is no address of this machine: choose another with --host`;
    default:
      return `cannot listen on port ${port} of ${host}: ${message}`;
  }
}

function greet({ address, family, port }: AddressInfo, basePath: string, withPage: boolean): void {
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const channels = `${url}${basePath.replace(/\/$/, '')}/channels`;
  console.log(`fanwire listens on ${url}`);
  console.log(
    `  watch    curl -N -H 'Accept: text/event-stream' ${channels}/${withPage ? MACHINE_CHANNEL : 'hello'}`,
  );
  console.log(`  publish  curl --json '{"hello":"world"}' ${channels}/hello`);
}
