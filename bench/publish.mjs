/*
 * What a publish costs on each log, at each price of durability: publishes a second and the CPU (user and system) of all
 * server processes, nodes and engine, for payloads of 128 bytes, on one node and on three, with one and with a hundred
 * in flight on each. Every publish is waited for: it counts when it is as durable as its log promises. Of several
 * rounds the best is told.
 *
 *   npm run build && node bench/publish.mjs [--seconds N] [--rounds N] [redis | nats | …]
 *
 * The nodes publish themselves, so that no HTTP and no load generator is in the figures. NATS that syncs always needs
 * nats-server 2.10 or later as the first in PATH, and is left out with others.
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RESULTS, SCRATCH } from './support/paths.mjs';
import { cpuOf } from './support/process.mjs';
import { environment } from './support/record.mjs';

const DATA = 'x'.repeat(126);
const CHANNELS = 10;
const NODES = [1, 3];
const IN_FLIGHT = [1, 100];
const TMPFS = '/dev/shm';

/** Each starts what it needs and says how a node opens the log. */
const LOGS = [
  { log: 'memory', nodes: [1], start: () => ({ factory: 'memory', options: {} }) },
  { log: 'lmdb', start: () => lmdbIn(SCRATCH) },
  { log: 'lmdb, on a disk that need not sync', start: () => lmdbIn(TMPFS) },
  { log: 'redis, appendonly no', start: () => redis('--appendonly', 'no') },
  {
    log: 'redis, appendfsync everysec',
    start: () => redis('--appendonly', 'yes', '--appendfsync', 'everysec'),
  },
  { log: 'redis, appendfsync always', start: () => redis('--appendonly', 'yes', '--appendfsync', 'always') },
  { log: 'nats', start: () => nats(1, '') },
  { log: 'nats, sync_interval always', start: () => nats(1, 'sync_interval: always') },
  { log: 'nats, 3 replicas', start: () => nats(3, '') },
];

const running = new Set();
process.once('exit', () => {
  for (const engine of running) engine.kill('SIGKILL');
});

if (process.send) await beNode();
else await main();

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
  });
  const wanted = LOGS.filter(
    ({ log }) => positionals.length === 0 || positionals.some((name) => log.startsWith(name)),
  ).filter(({ log }) => !log.includes('sync_interval') || natsVersion() >= 210);
  const columns = (...values) =>
    values.map((value, index) => String(value)[index ? 'padStart' : 'padEnd'](index ? 13 : 36)).join('');
  console.log(columns('log', 'nodes', 'in flight', 'publishes/s', 'µs CPU each'));
  const rows = [];
  for (const { log, start, nodes: counts = NODES } of wanted) {
    for (const nodes of counts) {
      const { factory, options, pids = [], stop = () => {} } = await start();
      const children = await Promise.all(Array.from({ length: nodes }, () => openNode(factory, options)));
      for (const inFlight of IN_FLIGHT) {
        await publishOn(children, pids, inFlight, 0.5);
        const rounds = [];
        for (let round = 0; round < Number(values.rounds); round++) {
          rounds.push(await publishOn(children, pids, inFlight, Number(values.seconds)));
        }
        // What else runs on the machine only takes away.
        const best = rounds.reduce((a, b) => (b.publishesPerSecond > a.publishesPerSecond ? b : a));
        const figures = {
          publishesPerSecond: Math.round(best.publishesPerSecond),
          cpuMicrosPerPublish: Math.round(best.cpuMicrosPerPublish),
        };
        rows.push({ log, nodes, inFlight, ...figures });
        console.log(columns(log, nodes, inFlight, ...Object.values(figures)));
      }
      for (const child of children) child.kill('SIGKILL');
      await stop();
    }
  }
  mkdirSync(RESULTS, { recursive: true });
  const { versions, ...where } = environment();
  const engines = { redis: versionOf('redis-server'), nats: versionOf('nats-server') };
  const unit = { publishesPerSecond: '1/s', cpuMicrosPerPublish: 'µs' };
  const result = {
    measure: 'publish',
    unit,
    ...where,
    versions: { node: versions.node, fanwire: versions.fanwire, ...engines },
    rows,
  };
  writeFileSync(join(RESULTS, 'publish.json'), `${JSON.stringify(result, null, 2)}\n`);
  process.exit();
}

async function publishOn(children, enginePids, inFlight, seconds) {
  const pids = [...enginePids, ...children.map(({ pid }) => pid)];
  const cpu = () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  const before = cpu();
  const answers = children.map(async (child) => {
    const answered = once(child, 'message');
    child.send({ inFlight, ms: seconds * 1000 });
    return (await answered)[0];
  });
  const parts = await Promise.all(answers);
  const publishes = parts.reduce((sum, part) => sum + part.publishes, 0);
  return {
    publishesPerSecond: parts.reduce((sum, part) => sum + part.publishes / (part.ms / 1000), 0),
    cpuMicrosPerPublish: (cpu() - before) / 1000 / publishes,
  };
}

async function openNode(factory, options) {
  const child = fork(fileURLToPath(import.meta.url), [], { serialization: 'advanced' });
  child.send({ factory, options });
  await once(child, 'message');
  return child;
}

/** This file in a process of its own: a hub that publishes as it is told. */
async function beNode() {
  const [{ factory, options }] = await once(process, 'message');
  process.once('disconnect', () => process.exit());
  const { createHub } = await import('../dist/index.js');
  const file = factory === 'memory' ? 'memory/memory-log' : `${factory}/index`;
  const { [`${factory}Log`]: openLog } = await import(`../dist/log/${file}.js`);
  const hub = createHub({
    log: openLog(options),
    channels: { '*': { retain: { count: 1000 } } },
    // A cluster takes its time until it answers.
    onError: () => {},
  });
  for (let ready = false; !ready; ) {
    ready = await hub.publish('c0', DATA).then(
      () => true,
      () => delay(100, false),
    );
  }
  process.on('message', async ({ inFlight, ms }) => {
    const begin = performance.now();
    let publishes = 0;
    const lane = async (index) => {
      for (let channel = index; performance.now() - begin < ms; channel++) {
        await hub.publish(`c${channel % CHANNELS}`, DATA);
        publishes++;
        // A log in memory answers without a turn of the event loop; a server has one after each read of a socket.
        await turn();
      }
    };
    await Promise.all(Array.from({ length: inFlight }, (_, index) => lane(index)));
    process.send({ publishes, ms: performance.now() - begin });
  });
  process.send('ready');
}

function lmdbIn(parent) {
  const directory = mkdtempSync(join(parent, 'fanwire-publish-'));
  return { factory: 'lmdb', options: { directory }, stop: () => rmSync(directory, { recursive: true }) };
}

async function redis(...settings) {
  const directory = mkdtempSync(join(SCRATCH, 'redis-'));
  const port = await freePort();
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', directory, '--save', ''];
  const engine = await startEngine('redis-server', [...place, ...settings], port);
  return {
    factory: 'redis',
    options: { url: `redis://127.0.0.1:${port}` },
    pids: [engine.pid],
    stop: engine.stop,
  };
}

async function nats(replicas, setting) {
  const ports = await Promise.all(Array.from({ length: replicas }, freePort));
  const routes = await Promise.all(ports.map(freePort));
  const engines = await Promise.all(
    ports.map((port, index) => {
      const directory = mkdtempSync(join(SCRATCH, 'nats-'));
      const lines = [`listen: "127.0.0.1:${port}"`, `jetstream { store_dir: "${directory}"\n ${setting} }`];
      if (replicas > 1) {
        const all = routes.map((route) => `"nats://127.0.0.1:${route}"`).join(', ');
        lines.push(`server_name: server-${index}`);
        lines.push(`cluster { name: bench, listen: "127.0.0.1:${routes[index]}", routes: [${all}] }`);
      }
      writeFileSync(join(directory, 'nats.conf'), lines.join('\n'));
      return startEngine('nats-server', ['-c', join(directory, 'nats.conf')], port);
    }),
  );
  return {
    factory: 'nats',
    options: { url: ports.map((port) => `nats://127.0.0.1:${port}`), replicas },
    pids: engines.map(({ pid }) => pid),
    stop: () => Promise.all(engines.map(({ stop }) => stop())),
  };
}

async function startEngine(program, args, port) {
  const child = spawn(program, args, { stdio: 'ignore' });
  running.add(child);
  while (!(await answers(port))) await delay(50);
  return {
    pid: child.pid,
    async stop() {
      running.delete(child);
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function versionOf(program) {
  return /\d+\.\d+\.\d+/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[0];
}

/** As 210 for 2.10. */
function natsVersion() {
  const [major, minor] = versionOf('nats-server').split('.').map(Number);
  return major * 100 + minor;
}
