/*
 * What a publish costs on each log, at each price of durability: publishes a second, and the CPU (user and system) of all
 * processes, nodes and engine, for payloads of 128 bytes, on one node and on three, one after another and with a hundred
 * on their way from each. Every publish is waited for: it counts when it is as durable as its log promises.
 * The nodes publish by themselves, so that no HTTP and no load generator is in the figures; they and the engine
 * share all processors.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { lmdb, memory, nats, redis, versionOf } from '../support/engines.mjs';
import { BENCH, SCRATCH } from '../support/paths.mjs';
import { cpuOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';

const IN_FLIGHT = { one: 1, many: 100 };
const WARM_UP_MS = 500;
/** A disk that need not sync, as it is memory. */
const TMPFS = '/dev/shm';

const redisMissing = () =>
  versionOf('redis-server') ? undefined : 'redis-server is not installed: `apt-get install redis-server`';
const natsMissing = () =>
  versionOf('nats-server') ? undefined : 'nats-server is not installed: `apt-get install nats-server`';
const natsThatSyncs = () => {
  const [major, minor] = versionOf('nats-server')?.split('.').map(Number) ?? [0, 0];
  return major > 2 || minor >= 10 ? undefined : 'only nats-server 2.10 and later can sync always';
};

const LOGS = [
  { name: 'memory', nodes: [1], start: memory },
  { name: 'lmdb', start: () => lmdb(SCRATCH) },
  { name: 'lmdb (tmpfs)', start: () => lmdb(TMPFS) },
  { name: 'redis (no file)', missing: redisMissing, start: () => redis('--appendonly', 'no') },
  ...['everysec', 'always'].map((policy) => ({
    name: `redis (${policy})`,
    missing: redisMissing,
    start: () => redis('--appendonly', 'yes', '--appendfsync', policy),
  })),
  { name: 'nats', missing: natsMissing, start: () => nats(1) },
  {
    name: 'nats (always)',
    missing: natsThatSyncs,
    start: () => nats(1, 'sync_interval: always'),
  },
  { name: 'nats (3 replicas)', missing: natsMissing, start: () => nats(3) },
];

export const logs = {
  name: 'logs',
  title: 'What durability costs',
  mostRounds: 3,
  async run({ rounds, quick, say }) {
    const results = new Rounds();
    const names = [];
    for (const { name, nodes: counts = [1, 3], missing, start } of LOGS) {
      const sentence = missing?.();
      if (sentence) {
        say(name, `does not take part: ${sentence}`);
        continue;
      }
      for (const count of counts) {
        const row = count === 1 ? name : `${name}, ${count} nodes`;
        names.push(row);
        for (const figures of await measure(start, count, rounds, quick ? 300 : 1000)) {
          results.note(row, figures);
          say(
            row,
            `${Math.round(figures.oneRate)}/s ${figures.oneUs.toFixed(0)} ${figures.manyUs.toFixed(0)} µs`,
          );
        }
      }
    }
    const columns = [
      { key: 'oneRate', title: 'a second, one after another', decimals: 0 },
      { key: 'oneUs', title: 'µs each', decimals: 0 },
      { key: 'manyRate', title: 'a second, 100 at once', decimals: 0 },
      { key: 'manyUs', title: 'µs each', decimals: 0 },
    ];
    const keys = columns.map(({ key }) => key);
    return [
      {
        id: 'logs',
        title: 'Publishes, each waited for, and the CPU of all processes',
        columns,
        plot: { kind: 'bars', key: 'manyUs', axis: 'µs of CPU a publish, 100 at once' },
        rows: names.map((name) => ({
          name,
          ours: true,
          figures: results.medians(name, keys),
        })),
      },
    ];
  },
};

async function measure(start, count, rounds, ms) {
  const { engine, options, pids, stop } = await start();
  const nodes = await Promise.all(Array.from({ length: count }, () => openNode(engine, options)));
  const all = [...pids, ...nodes.map(({ pid }) => pid)];
  for (const inFlight of Object.values(IN_FLIGHT)) await publish(nodes, all, inFlight, WARM_UP_MS);
  const figures = [];
  for (let round = 0; round < rounds; round++) {
    const one = await publish(nodes, all, IN_FLIGHT.one, ms);
    const many = await publish(nodes, all, IN_FLIGHT.many, ms);
    figures.push({ oneRate: one.rate, oneUs: one.us, manyRate: many.rate, manyUs: many.us });
  }
  for (const node of nodes) node.kill('SIGKILL');
  await stop();
  return figures;
}

async function publish(nodes, pids, inFlight, ms) {
  const cpu = () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  const before = cpu();
  const parts = await Promise.all(
    nodes.map(async (node) => {
      const answered = once(node, 'message');
      node.send({ inFlight, ms });
      return (await answered)[0];
    }),
  );
  const publishes = parts.reduce((sum, part) => sum + part.publishes, 0);
  return {
    rate: parts.reduce((sum, part) => sum + (part.publishes * 1000) / part.ms, 0),
    us: (cpu() - before) / 1000 / publishes,
  };
}

async function openNode(engine, options) {
  const node = fork(join(BENCH, 'servers/publishing-node.mjs'), [], { serialization: 'advanced' });
  node.send({ engine, options });
  await once(node, 'message');
  return node;
}
