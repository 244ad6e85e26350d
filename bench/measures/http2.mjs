/*
 * What a stream of HTTP/2 costs beside a connection of HTTP/1.1: resident bytes of the server for each of 2,000 idle event
 * streams, after some that warm it up and with garbage collected on both sides, and CPU of the server for each delivery to
 * them. Both versions in one run, by one server and one load, twenty streams on a connection as a browser would have them.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CONTESTANTS } from '../contestants.mjs';
import { BENCH } from '../support/paths.mjs';
import { Child, CPUS, cpuOf, residentOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { startServer } from '../support/subscribers.mjs';

const WARM_UP = 200;
const STREAMS = 2000;
const PER_CONNECTION = 20;
const TICKS = 50;
const INTERVAL_US = 100_000;

const SERVER = CONTESTANTS.find(({ name }) => name === 'fanwire SSE');
const VERSIONS = [
  { name: 'HTTP/1.1', version: 1 },
  { name: 'HTTP/2', version: 2 },
];

export const http2 = {
  name: 'http2',
  title: 'What a stream of HTTP/2 costs',
  mostRounds: 3,
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const { name, version } of VERSIONS) {
        const figures = await measure(version);
        results.note(name, figures);
        say(name, `${figures.kB.toFixed(1)} kB, ${figures.us.toFixed(2)} µs`);
      }
    }
    const ofHttp1 = (key) => results.median('HTTP/1.1', key);
    return [
      {
        id: 'http2',
        title: `${STREAMS.toLocaleString('en')} event streams, ${PER_CONNECTION} on a connection of HTTP/2`,
        columns: [
          { key: 'kB', title: 'kB a stream', decimals: 1 },
          { key: 'memory', title: 'of HTTP/1.1', decimals: 2 },
          { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
          { key: 'cpu', title: 'of HTTP/1.1’s', decimals: 2 },
        ],
        plot: { kind: 'bars', key: 'us', axis: 'µs of CPU a delivery' },
        rows: VERSIONS.map(({ name }) => ({
          name,
          ours: true,
          figures: {
            kB: results.median(name, 'kB'),
            memory: results.median(name, 'kB') / ofHttp1('kB'),
            us: results.median(name, 'us'),
            cpu: results.median(name, 'us') / ofHttp1('us'),
          },
        })),
      },
    ];
  },
};

async function measure(version) {
  const server = await startServer(SERVER);
  const loads = [];
  const before = await withMore(WARM_UP);
  const after = await withMore(STREAMS);
  // Until the code is warm.
  await publish(TICKS / 5);
  const cpu = cpuOf(server.served);
  await publish(TICKS);
  const us = (cpuOf(server.served) - cpu) / 1000 / TICKS / (STREAMS + WARM_UP);
  for (const load of loads) await load.stop();
  await server.stop();
  return { kB: (after - before) / STREAMS / 1024, us };

  async function withMore(count) {
    const args = [join(BENCH, 'load/streams.mjs'), server.port, version, count, PER_CONNECTION].map(String);
    const load = new Child(CPUS.load, process.execPath, args);
    await load.next();
    loads.push(load);
    await delay(1000);
    await server.ask('collect');
    return residentOf(server.served);
  }

  async function publish(ticks) {
    const { last } = await server.ask(`ticks ${ticks} 1 ${INTERVAL_US}`);
    for (const load of loads) {
      const { faults } = await load.ask(`seen ${last}`);
      if (faults > 0)
        throw new Error(`HTTP/${version}: ${faults} messages came twice, out of order or not at all`);
    }
  }
}
