/*
 * Whether the model of src/capacity says what is: loads that fit this machine, of other shapes and sizes than the figures it is made of, and the
 * cores of one node that it predicts beside what it took. And what the kernel keeps for an idle connection, which is part of the model: its
 * objects for 10,000 of them, a half for each end.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { capacityOf } from '../../dist/capacity/model.js';
import { figuresOf } from '../capacity/figures.mjs';
import { LOADS, nameOf } from '../capacity/loads.mjs';
import { CONTESTANTS, ONE_CHANNEL } from '../contestants.mjs';
import { storedResults } from '../support/results.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const CONNECTIONS = 10_000;
const KINDS = ['TCP', 'sock_inode_cache', 'dentry', 'filp', 'eventpoll_epi'];
const SECONDS = 8;
/** Turns of a second into which its publishes are spread. */
const SLICES = 20;

const WEBSOCKET = CONTESTANTS.find(({ name }) => name === 'fanwire WebSocket');

export const capacity = {
  name: 'capacity',
  title: 'Whether the model says what is',
  mostRounds: 3,
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      results.note('kernel', { kB: await kernelOf() });
      say('kernel', `${results.of('kernel', 'kB').at(-1).toFixed(1)} kB`);
      const kernelKB = results.median('kernel', 'kB');
      const figures = figuresOf(withKernel(storedResults(), kernelKB));
      if (!figures) throw new Error('The model is made of what was measured before: npm run bench -- shapes');
      for (const load of LOADS) {
        const measured = await coresOf(load);
        const predicted = predictedFor(figures, load);
        results.note(nameOf(load), { measured, predicted, ratio: predicted / measured });
        say(nameOf(load), `${measured.toFixed(3)} cores, ${predicted.toFixed(3)} predicted`);
      }
    }
    return [
      {
        id: 'kernel',
        title: 'Memory of the kernel for an idle connection',
        columns: [{ key: 'kB', title: 'kB', decimals: 1 }],
        plot: { kind: 'bars', key: 'kB', axis: 'kB of the machine’s memory' },
        rows: [{ name: 'WebSocket', ours: true, figures: { kB: results.median('kernel', 'kB') } }],
      },
      {
        id: 'model',
        title: 'Cores of one node, in memory',
        columns: [
          { key: 'measured', title: 'measured', decimals: 3 },
          { key: 'predicted', title: 'predicted', decimals: 3 },
          { key: 'ratio', title: 'predicted ÷ measured', decimals: 2 },
        ],
        plot: { kind: 'bars', key: 'ratio', axis: 'predicted ÷ measured' },
        rows: LOADS.map((load) => ({
          name: nameOf(load),
          ours: true,
          figures: results.medians(nameOf(load), ['measured', 'predicted', 'ratio']),
        })),
      },
    ];
  },
};

/** One node, whose program publishes: no log beside it and no requests. */
function predictedFor(figures, { readers, groups, rate }) {
  const load = {
    users: readers,
    transport: 'websocket',
    readersPerChannel: readers / groups,
    messagesPerSecond: rate,
    bytes: 128,
    log: 'redis',
  };
  const machine = { cores: 1, memoryGB: 64, price: 0, utilisation: 1, pricePerGB: 0 };
  const { cores } = capacityOf({ ...figures, publishUs: 0 }, load, machine);
  return cores.deliveries;
}

async function coresOf({ readers, groups, rate }) {
  const contestant = ONE_CHANNEL.find(({ ours }) => ours);
  const server = await startServer(contestant);
  const load = await Subscribers.open(contestant, server, readers, { groups });
  const slices = Math.min(SLICES, groups);
  const work = `spread ${groups} 1 ${SECONDS * rate} ${slices} ${Math.round(1e6 / rate / slices)}`;
  await load.warmUp(work);
  const { cpuNs, elapsedNs } = await load.cost(SECONDS * rate, () => server.ask(work));
  await load.stop();
  await server.stop();
  return cpuNs / elapsedNs;
}

async function kernelOf() {
  const server = await startServer(WEBSOCKET);
  const before = kernelBytes();
  const load = await Subscribers.open(WEBSOCKET, server, CONNECTIONS);
  await delay(1000);
  const kB = (kernelBytes() - before) / 1024 / CONNECTIONS / 2;
  await load.stop();
  await server.stop();
  return kB;
}

/** Bytes of the kernel's objects for sockets, which root may see. */
function kernelBytes() {
  const lines = readFileSync('/proc/slabinfo', 'utf8').split('\n');
  return lines.reduce((sum, line) => {
    const [kind, active, , size] = line.split(/\s+/);
    return KINDS.includes(kind) ? sum + Number(active) * Number(size) : sum;
  }, 0);
}

function withKernel(results, kB) {
  const rows = [{ name: 'WebSocket', figures: { kB } }];
  return { ...results, capacity: { tables: [{ id: 'kernel', rows }] } };
}
