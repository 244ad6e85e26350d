/*
 * What a subscription of GraphQL costs beside the same messages as they are: CPU of the server a delivery, 1,000 subscribers of one
 * channel that ask for the same field. fanwire executes and encodes an event once for all of them; graphql-ws and graphql-sse,
 * alone over an emitter, for each.
 */
import { CONTESTANTS, GRAPHQL } from '../contestants.mjs';
import { peakOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const SUBSCRIBERS = 1000;
const TICKS = 60;
const INTERVAL_US = 150_000;

const PLAIN = 'fanwire WebSocket';
const TAKING = [CONTESTANTS.find(({ name }) => name === PLAIN), ...GRAPHQL];

export const graphql = {
  name: 'graphql',
  title: 'What a subscription of GraphQL costs',
  mostRounds: 3,
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const contestant of TAKING) {
        const figures = await measure(contestant);
        results.note(contestant.name, figures);
        say(contestant.name, `${figures.us.toFixed(2)} µs, ${figures.bytes.toFixed(0)} bytes`);
      }
    }
    return [
      {
        id: 'graphql',
        title: `${SUBSCRIBERS.toLocaleString('en')} subscriptions that want the same of one channel`,
        columns: [
          { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
          { key: 'ratio', title: '× fanwire WebSocket', decimals: 2 },
          { key: 'bytes', title: 'bytes a delivery', decimals: 0 },
          { key: 'peakMB', title: 'peak MB', decimals: 0 },
        ],
        plot: { kind: 'bars', key: 'us', axis: 'µs of CPU a delivery' },
        rows: TAKING.map(({ name, ours }) => ({
          name,
          ours,
          figures: {
            us: results.median(name, 'us'),
            ratio: results.ratio(name, 'us', PLAIN),
            bytes: results.median(name, 'bytes'),
            peakMB: results.most(name, 'peakMB'),
          },
        })),
      },
    ];
  },
};

async function measure(contestant) {
  const server = await startServer(contestant);
  const load = await Subscribers.open(contestant, server, SUBSCRIBERS);
  await load.warmUp(`ticks 20 1 ${INTERVAL_US}`);
  const { cpuNs, messages, bytes } = await load.cost(TICKS, () =>
    server.ask(`ticks ${TICKS} 1 ${INTERVAL_US}`),
  );
  const peakMB = peakOf(server.served) / 2 ** 20;
  await load.stop();
  await server.stop();
  return { us: cpuNs / 1000 / messages, bytes: bytes / messages, peakMB };
}
