/*
 * What idle subscribers cost in CPU: share of a core that the server spends on 10,000 connections which carry nothing but
 * heartbeats, over two full periods of 25 s, the default of fanwire and of Socket.IO; `ws` pings as its README does.
 * The subscribers answer, as browsers do.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { withArguments } from '../contestants.mjs';
import { cpuOf } from '../support/process.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const CONNECTIONS = 10_000;
const PERIOD_MS = 25_000;
const NAMES = ['fanwire WebSocket', 'fanwire SSE', 'fanwire HTTP streaming', 'ws', 'Socket.IO'];

export const idleCpu = {
  name: 'idle-cpu',
  title: 'What idle connections cost in CPU',
  mostRounds: 1,
  async run({ contestants, quick, say }) {
    const connections = quick ? CONNECTIONS / 5 : CONNECTIONS;
    const periods = quick ? 1 : 2;
    const rows = [];
    for (const contestant of contestants.filter(({ name }) => NAMES.includes(name))) {
      const beating = contestant.name === 'ws' ? withArguments(contestant, 'heartbeats') : contestant;
      const figures = await measure(beating, connections, periods);
      rows.push({ name: contestant.name, ours: contestant.ours, figures });
      say(contestant.name, `${figures.percent.toFixed(2)} %`);
    }
    return [
      {
        id: 'cpu',
        title: `${connections.toLocaleString('en')} idle connections over ${(periods * PERIOD_MS) / 1000} s`,
        columns: [
          { key: 'percent', title: '% of a core', decimals: 2 },
          { key: 'us', title: 'µs a heartbeat', decimals: 1 },
        ],
        plot: { kind: 'bars', key: 'percent', axis: '% of a core' },
        rows,
      },
    ];
  },
};

async function measure(contestant, connections, periods) {
  const server = await startServer(contestant);
  const load = await Subscribers.open(contestant, server, connections);
  await delay(2000);
  const before = cpuOf(server.served);
  const begin = performance.now();
  await delay(periods * PERIOD_MS);
  const cpuNs = cpuOf(server.served) - before;
  const elapsedNs = (performance.now() - begin) * 1e6;
  const { faults } = await load.child.ask('report');
  if (faults > 0) throw new Error(`${contestant.name} ended connections that had answered`);
  await load.stop();
  await server.stop();
  return { percent: (cpuNs / elapsedNs) * 100, us: cpuNs / 1000 / (connections * periods) };
}
