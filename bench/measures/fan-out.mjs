/*
 * What a delivery costs: CPU of the server, user and system, by the kernel's own accounts, for 1,000 subscribers and
 * payloads of 128 bytes, as a ratio to a C program that does nothing but one `write` a delivery.
 *
 * Server and load run on a processor each. Every server publishes by its own means, within its own process where it
 * can, at a pace that leaves it idle most of the time, so that queues play no part. The servers take turns,
 * round by round, so that a machine that speeds up or slows down does so for all of them; a ratio is taken within its
 * round. A run counts only if every subscriber got every message, once and in order.
 */
import { FLOOR } from '../contestants.mjs';
import { peakOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const SUBSCRIBERS = 1000;
const LOADS = [
  { id: 'one', title: 'One message a tick', ticks: 150, batch: 1, intervalUs: 25_000 },
  { id: 'ten', title: 'Ten messages a tick', ticks: 40, batch: 10, intervalUs: 100_000 },
];
const COLUMNS = [
  { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
  { key: 'least', title: 'least', decimals: 2 },
  { key: 'most', title: 'most', decimals: 2 },
  { key: 'ratio', title: '× the C loop', decimals: 2 },
  { key: 'bytes', title: 'bytes a delivery', decimals: 0 },
  { key: 'peakMB', title: 'peak MB', decimals: 0 },
];

export const fanOut = {
  name: 'fan-out',
  title: 'What a delivery costs',
  async run({ contestants, rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const contestant of contestants) {
        const costs = await measure(contestant);
        for (const { id, ...figures } of costs) results.note(`${contestant.name} ${id}`, figures);
        say(contestant.name, costs.map(({ us }) => us.toFixed(2)).join(' '));
      }
    }
    return LOADS.map(({ id, title }) => ({
      id,
      title: `${title}, ${SUBSCRIBERS.toLocaleString('en')} subscribers`,
      columns: COLUMNS,
      plot: {
        kind: 'bars',
        key: 'ratio',
        axis: 'CPU a delivery, × a C loop that writes one message to each',
      },
      rows: contestants.map(({ name, kind, ours, floor }) => {
        const key = `${name} ${id}`;
        return {
          name,
          ours,
          floor,
          figures: {
            us: results.median(key, 'us'),
            least: results.least(key, 'us'),
            most: results.most(key, 'us'),
            // Also ten messages a tick are compared with the loop that writes one: it writes each by itself.
            ratio: results.ratio(key, 'us', `${FLOOR[kind]} one`),
            bytes: results.median(key, 'bytes'),
            peakMB: results.most(key, 'peakMB'),
          },
        };
      }),
    }));
  },
};

/** What one contestant's deliveries cost, under each load. */
export async function measure(contestant) {
  const server = await startServer(contestant);
  const load = await Subscribers.open(contestant, server, SUBSCRIBERS);
  await load.warmUp();
  const costs = [];
  for (const { id, ticks, batch, intervalUs } of LOADS) {
    const { cpuNs, messages, bytes } = await load.cost(ticks * batch, () =>
      server.ask(`ticks ${ticks} ${batch} ${intervalUs}`),
    );
    costs.push({
      id,
      us: cpuNs / 1000 / messages,
      bytes: bytes / messages,
      peakMB: peakOf(server.served) / 2 ** 20,
    });
  }
  await load.stop();
  await server.stop();
  return costs;
}
