import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { makeDirectory } from '../support/directory.ts';
import { freePort } from '../support/free-port.ts';

/** A proxy as the guide configures it. */
export interface ProxyUnderTest {
  readonly name: string;
  /** The guide's file. */
  readonly config: string;
  /** What changes in it for a test, pattern by pattern: each has to be found. */
  readonly changes: (port: number, directory: string) => readonly (readonly [RegExp, string])[];
  readonly command: (config: string, directory: string) => readonly [string, ...string[]];
}

/** What the guide's files allow to be silent is 60 s; in a test it is this. */
export const IDLE_MS = 2000;

export const PROXIES: readonly ProxyUnderTest[] = [
  {
    name: 'nginx',
    config: 'docs/deployment/nginx.conf',
    changes: (port, directory) => [
      [/listen 80;/, `listen 127.0.0.1:${port};`],
      [/60s/g, `${IDLE_MS}ms`],
      // Where whoever runs the test may write.
      [
        /http \{/,
        `http { access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
          .map((kind) => `${kind}_temp_path ${directory}/${kind};`)
          .join(' ')}`,
      ],
    ],
    command: (config, directory) => [
      'nginx',
      '-c',
      config,
      '-g',
      `daemon off; user ${userInfo().username}; pid ${directory}/pid; error_log ${directory}/error.log;`,
    ],
  },
  {
    name: 'HAProxy',
    config: 'docs/deployment/haproxy.cfg',
    changes: (port) => [
      [/bind :80/, `bind 127.0.0.1:${port}`],
      [/60s/g, `${IDLE_MS}ms`],
    ],
    command: (config) => ['haproxy', '-db', '-f', config],
  },
  {
    name: 'Caddy',
    config: 'docs/deployment/Caddyfile',
    changes: (port) => [
      [/^hub\.example \{/m, `{\n\tadmin off\n}\nhttp://127.0.0.1:${port} {`],
      [/60s/g, `${IDLE_MS}ms`],
    ],
    command: (config) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', config],
  },
];

/** Starts a proxy before a node on `nodePort` for as long as the test lasts; resolves with its URL. */
export async function startWebProxy(
  t: TestContext,
  proxy: ProxyUnderTest,
  nodePort: number,
): Promise<string> {
  const directory = await makeDirectory(t);
  const port = await freePort();
  const file = join(directory, 'config');
  let config = readFileSync(proxy.config, 'utf8');
  const changes = [
    ...proxy.changes(port, directory),
    [/127\.0\.0\.1:8080/, `127.0.0.1:${nodePort}`] as const,
  ];
  for (const [pattern, text] of changes) {
    if (config.search(pattern) === -1) throw new Error(`${proxy.config} has no ${pattern}`);
    config = config.replace(pattern, text);
  }
  writeFileSync(file, config);
  const [program, ...args] = proxy.command(file, directory);
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
  });
  t.after(() => end(child));
  const said: Buffer[] = [];
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${program} ended: ${Buffer.concat(said)}`);
  });
  await Promise.race([untilListening(port), ended]);
  ended.catch(() => {});
  return `http://127.0.0.1:${port}`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const listening = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
    socket.destroy();
    if (listening) return;
    await delay(20);
  }
}
