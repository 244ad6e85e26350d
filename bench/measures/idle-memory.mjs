/*
 * What an idle subscriber costs in memory: resident bytes of the server process for each of 10,000 connections, after
 * 500 that warm it up and with garbage collected on both sides of them, beside the barest server that holds such
 * a connection open. The kernel's own memory for sockets is not in it: it is the same for all.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { PARKED } from '../contestants.mjs';
import { residentOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const WARM_UP = 500;
const CONNECTIONS = 10_000;

export const idleMemory = {
  name: 'idle-memory',
  title: 'What an idle connection costs in memory',
  mostRounds: 3,
  async run({ contestants, rounds, quick, say }) {
    const taking = [...contestants.filter(({ floor }) => !floor), ...PARKED];
    const connections = quick ? CONNECTIONS / 5 : CONNECTIONS;
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const contestant of taking) {
        const kB = await measure(contestant, connections);
        results.note(contestant.name, { kB });
        say(contestant.name, `${kB.toFixed(1)} kB`);
      }
    }
    return [
      {
        id: 'memory',
        title: `${connections.toLocaleString('en')} idle connections`,
        columns: [
          { key: 'kB', title: 'kB a connection', decimals: 1 },
          { key: 'least', title: 'least', decimals: 1 },
          { key: 'most', title: 'most', decimals: 1 },
        ],
        plot: { kind: 'bars', key: 'kB', axis: 'kB of the server’s memory a connection' },
        rows: taking.map(({ name, ours, floor }) => ({
          name,
          ours,
          floor,
          figures: {
            kB: results.median(name, 'kB'),
            least: results.least(name, 'kB'),
            most: results.most(name, 'kB'),
          },
        })),
      },
    ];
  },
};

async function measure(contestant, connections) {
  const server = await startServer(contestant);
  const loads = [];
  const before = await withMore(WARM_UP);
  const after = await withMore(connections);
  for (const load of loads) await load.stop();
  await server.stop();
  return (after - before) / connections / 1024;

  async function withMore(count) {
    loads.push(await Subscribers.open(contestant, server, count));
    await delay(1000);
    await server.ask('collect');
    return residentOf(server.served);
  }
}
