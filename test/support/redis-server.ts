import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { untilSays } from './until-says.ts';

const SCRIPTS = 'src/log/redis/lua';

/** A redis-server of the test's own, on a free port of loopback, with a directory of its own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Starts it again, on the same port, with what it has saved. */
  start(): Promise<void>;
  /** Asks it to save and to end. */
  stop(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Stops it from running, while its connections stay open. */
  freeze(): void;
  thaw(): void;
  /** Removes what it has saved. */
  wipe(): void;
  /** Sends one command on a connection of its own; resolves with the raw answer. */
  send(...command: readonly string[]): Promise<string>;
}

/** Starts one for as long as the test lasts; `options` are those of redis-server's command line. */
export async function startRedis(t: TestContext, options: readonly string[] = []): Promise<RedisServer> {
  const server = await openRedis(options);
  t.after(() => server.kill());
  return server;
}

/** Starts one for the caller to kill. */
export async function openRedis(options: readonly string[] = []): Promise<RedisServer> {
  provideScripts();
  const directory = mkdtempSync(join(tmpdir(), 'fanwire-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGCONT');
    ending.kill(signal);
    await ended;
  };

  const server: RedisServer = {
    port,
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const settings = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', directory, '--save', ''];
      child = spawn('redis-server', [...settings, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
      await untilSays(child, /Ready to accept connections/);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    wipe() {
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory);
    },
    send: (...command) => sendCommand(port, command),
  };
  process.once('exit', () => {
    child?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

/** The compiler leaves behind what is not TypeScript. Files of tests that run at once may all do this. */
function provideScripts(): void {
  const target = fileURLToPath(new URL(`../../${SCRIPTS}`, import.meta.url));
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(SCRIPTS)) {
    const half = join(target, `${name}.${process.pid}`);
    copyFileSync(join(SCRIPTS, name), half);
    renameSync(half, join(target, name));
  }
}

function sendCommand(port: number, command: readonly string[]): Promise<string> {
  const bytes = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('');
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    // The answers that tests ask for come in one piece.
    socket.once('data', (answer) => {
      resolve(answer.toString());
      socket.destroy();
    });
    socket.write(`*${command.length}\r\n${bytes}`);
  });
}
