/*
 * What a call of gRPC that subscribes costs: CPU of the server a delivery, 1,000 calls of one channel, twenty on a connection. fanwire
 * encodes a message once for all of them; grpc-js, alone over an emitter, for each.
 */
import { join } from 'node:path';
import { GRPC } from '../contestants.mjs';
import { BENCH } from '../support/paths.mjs';
import { Child, CPUS, cpuOf, peakOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { startServer } from '../support/subscribers.mjs';

const CALLS = 1000;
const PER_CONNECTION = 20;
const TICKS = 60;
const INTERVAL_US = 150_000;
const PEER = 'grpc-js';

export const grpc = {
  name: 'grpc',
  title: 'What a call of gRPC costs',
  mostRounds: 3,
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const contestant of GRPC) {
        const figures = await measure(contestant);
        results.note(contestant.name, figures);
        say(contestant.name, `${figures.us.toFixed(2)} µs`);
      }
    }
    return [
      {
        id: 'grpc',
        title: `${CALLS.toLocaleString('en')} calls that subscribe to one channel, ${PER_CONNECTION} on a connection`,
        columns: [
          { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
          { key: 'ratio', title: `× ${PEER}`, decimals: 2 },
          { key: 'peakMB', title: 'peak MB', decimals: 0 },
        ],
        plot: { kind: 'bars', key: 'us', axis: 'µs of CPU a delivery' },
        rows: GRPC.map(({ name, ours }) => ({
          name,
          ours,
          figures: {
            us: results.median(name, 'us'),
            ratio: results.ratio(name, 'us', PEER),
            peakMB: results.most(name, 'peakMB'),
          },
        })),
      },
    ];
  },
};

async function measure(contestant) {
  const server = await startServer(contestant);
  const args = [join(BENCH, 'load/streams.mjs'), server.port, 'grpc', CALLS, PER_CONNECTION].map(String);
  const load = new Child(CPUS.load, process.execPath, args);
  await load.next();
  const publish = async (ticks) => {
    const { last } = await server.ask(`ticks ${ticks} 1 ${INTERVAL_US}`);
    const { faults } = await load.ask(`seen ${last}`);
    if (faults > 0)
      throw new Error(`${contestant.name}: ${faults} messages came twice, out of order or not at all`);
  };
  // Until the code is warm.
  await publish(TICKS / 3);
  const cpu = cpuOf(server.served);
  await publish(TICKS);
  const us = (cpuOf(server.served) - cpu) / 1000 / TICKS / CALLS;
  const peakMB = peakOf(server.served) / 2 ** 20;
  await load.stop();
  await server.stop();
  return { us, peakMB };
}
