import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { freePort } from './free-port.ts';
import { untilSays } from './until-says.ts';

/** A nats-server of the test's own with JetStream, on a free port of loopback, with a directory of its own. */
export interface NatsServer {
  readonly port: number;
  readonly url: string;
  /** Starts it again, on the same port, with what it has stored. */
  start(): Promise<void>;
  /** Ends it as a power cut does, but for what the system still writes to the disk. */
  kill(): Promise<void>;
  /** Stops it from running, while its connections stay open. Returns when all of it stands still. */
  freeze(): void;
  thaw(): void;
  /** Removes what it has stored. */
  wipe(): void;
  /** Ends it, and leaves nothing behind. */
  remove(): Promise<void>;
  /** Copies what it has stored, to be put back later. */
  save(): { restore(): void };
}

export interface NatsServerOptions {
  /** Further lines of its configuration. */
  readonly config?: string;
  readonly port?: number;
  /** What it takes to connect to it, to know that it is ready. */
  readonly connect?: NodeConnectionOptions;
}

/** Starts one for as long as the test lasts. */
export async function startNats(t: TestContext, options: NatsServerOptions = {}): Promise<NatsServer> {
  const server = await openNats(options);
  t.after(() => server.remove());
  return server;
}

/** Starts one for the caller to remove. */
export async function openNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const directory = mkdtempSync(join(tmpdir(), 'fanwire-nats-'));
  const port = options.port ?? (await freePort());
  const config = join(directory, 'nats.conf');
  const store = join(directory, 'store');
  // A message of 1 MiB has headers, too.
  const lines = [`listen: "127.0.0.1:${port}"`, 'max_payload: 2MB', `jetstream { store_dir: "${store}" }`];
  writeFileSync(config, [...lines, options.config ?? ''].join('\n'));
  let child: ChildProcess | undefined;

  const server: NatsServer = {
    port,
    url: `nats://127.0.0.1:${port}`,
    async start() {
      child = spawn('nats-server', ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
      await untilSays(child, /Listening for client connections/);
      await untilReady({ port, ...options.connect });
    },
    async kill() {
      const ending = child;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      const ended = once(ending, 'exit');
      ending.kill('SIGKILL');
      await ended;
    },
    freeze() {
      child?.kill('SIGSTOP');
      // It has many threads. Where there is no /proc to tell, they get no time.
      const status = `/proc/${child?.pid}/status`;
      while (existsSync(status) && !/^State:\sT/m.test(readFileSync(status, 'utf8')));
    },
    thaw: () => void child?.kill('SIGCONT'),
    wipe: () => rmSync(store, { recursive: true, force: true }),
    async remove() {
      await server.kill();
      rmSync(directory, { recursive: true, force: true });
    },
    save() {
      const copy = mkdtempSync(join(directory, 'copy-'));
      cpSync(store, copy, { recursive: true });
      return {
        restore() {
          server.wipe();
          cpSync(copy, store, { recursive: true });
        },
      };
    },
  };
  process.once('exit', () => child?.kill('SIGKILL'));
  mkdirSync(store);
  await server.start();
  return server;
}

/** Ready is when JetStream answers: it opens its files after the port. */
async function untilReady(options: NodeConnectionOptions): Promise<void> {
  for (;;) {
    try {
      const connection = await connect({ ...options, reconnect: false });
      try {
        await (await jetstreamManager(connection)).getAccountInfo();
        return;
      } finally {
        await connection.close();
      }
    } catch {
      await delay(20);
    }
  }
}
