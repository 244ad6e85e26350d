// Starts what a log is kept in, and says how a node opens it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accepts, freePort } from '../servers/child.mjs';
import { SCRATCH } from './paths.mjs';

const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function memory() {
  return { engine: 'memory', options: {}, pids: [], stop() {} };
}

/** @param {string} parent the directory to keep it in */
export function lmdb(parent) {
  const directory = mkdtempSync(join(parent, 'fanwire-bench-'));
  return {
    engine: 'lmdb',
    options: { directory },
    pids: [],
    stop: () => rmSync(directory, { recursive: true }),
  };
}

export async function redis(...settings) {
  const directory = mkdtempSync(join(SCRATCH, 'redis-'));
  const port = await freePort();
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory, '--save', ''];
  const { pid, stop } = await start('redis-server', [...place, ...settings], port);
  return { engine: 'redis', options: { url: `redis://127.0.0.1:${port}` }, pids: [pid], stop };
}

/** @param {string} setting a line of JetStream's, or nothing */
export async function nats(replicas, setting = '') {
  const ports = await Promise.all(Array.from({ length: replicas }, freePort));
  const routes = await Promise.all(ports.map(freePort));
  const servers = await Promise.all(
    ports.map((port, index) => {
      const directory = mkdtempSync(join(SCRATCH, 'nats-'));
      const lines = [`listen: "127.0.0.1:${port}"`, `jetstream { store_dir: "${directory}"\n ${setting} }`];
      if (replicas > 1) {
        const all = routes.map((route) => `"nats://127.0.0.1:${route}"`).join(', ');
        lines.push(`server_name: server-${index}`);
        lines.push(`cluster { name: bench, listen: "127.0.0.1:${routes[index]}", routes: [${all}] }`);
      }
      writeFileSync(join(directory, 'nats.conf'), lines.join('\n'));
      return start('nats-server', ['-c', join(directory, 'nats.conf')], port);
    }),
  );
  return {
    engine: 'nats',
    options: { url: ports.map((port) => `nats://127.0.0.1:${port}`), replicas },
    pids: servers.map(({ pid }) => pid),
    stop: () => Promise.all(servers.map(({ stop }) => stop())),
  };
}

/** The first thing like a version in what a program says of itself; undefined where there is no such program. */
export function versionOf(command, args = ['--version']) {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return error ? undefined : /\d+\.\d+(\.\d+)?/.exec(stdout + stderr)?.[0];
}

async function start(program, args, port) {
  const child = spawn(program, args, { stdio: 'ignore' });
  running.add(child);
  while (!(await accepts(port))) await delay(50);
  return {
    pid: child.pid,
    async stop() {
      running.delete(child);
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
