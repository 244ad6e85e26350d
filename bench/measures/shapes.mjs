/*
 * The same number of deliveries in other shapes: many channels of one reader or of ten, and clients that read many channels each.
 * CPU of the server a delivery, as a ratio to `ws` with a set of sockets for each channel, which has no log and no positions; and what
 * a subscription keeps resident. A message goes to every channel, where there are many a tenth of them within one turn of the event loop.
 * Centrifugo gets it by HTTP, all of a turn in one request, which is in its figure.
 */
import { MANY_CHANNELS, ONE_CHANNEL, SUBSCRIPTIONS_EACH } from '../contestants.mjs';
import { residentOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const SLICES = 10;
const INTERVAL_US = 20_000;
const SHAPES = [
  { id: 'one', title: '2,000 channels with a reader each', groups: 2000, readers: 2000, each: 1, ticks: 30 },
  { id: 'ten', title: '200 channels with ten readers each', groups: 200, readers: 2000, each: 1, ticks: 30 },
  {
    id: 'thousand',
    title: 'One channel with 1,000 readers',
    groups: 1,
    readers: 1000,
    each: 1,
    ticks: 60,
    // As many deliveries a second as of many channels: the longer the pause, the dearer is each that follows it.
    slices: 1,
    intervalUs: 100_000,
  },
  {
    id: 'many',
    title: `1,000 clients with ${SUBSCRIPTIONS_EACH} channels each`,
    groups: 100,
    readers: 1000,
    each: SUBSCRIPTIONS_EACH - 1,
    ticks: 60,
  },
];
const PEER = { one: 'ws', ten: 'ws', thousand: 'ws', many: 'Socket.IO' };
const COLUMNS = [
  { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
  { key: 'ratio', title: '× a peer', decimals: 2 },
  { key: 'bytes', title: 'bytes a delivery', decimals: 0 },
];
const MEMORY = { key: 'kB', title: 'kB a subscription', decimals: 2 };

const takingOf = ({ each }) =>
  (each === 1 ? ONE_CHANNEL : MANY_CHANNELS).filter(({ missing }) => !missing?.());

export const shapes = {
  name: 'shapes',
  title: 'What other shapes of load cost',
  mostRounds: 5,
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const shape of SHAPES) {
        for (const contestant of takingOf(shape)) {
          const figures = await measure(contestant, shape);
          results.note(`${shape.id} ${contestant.name}`, figures);
          say(
            `${shape.id} ${contestant.name}`,
            `${figures.us.toFixed(2)} µs, ${figures.kB.toFixed(2)} kB a subscription`,
          );
        }
      }
    }
    return SHAPES.map((shape) => ({
      id: shape.id,
      title: shape.title,
      columns: shape.each > 1 ? [...COLUMNS, MEMORY] : COLUMNS,
      plot: { kind: 'bars', key: 'us', axis: 'µs of CPU a delivery' },
      rows: takingOf(shape).map(({ name, ours }) => {
        const key = `${shape.id} ${name}`;
        return {
          name,
          ours,
          figures: {
            us: results.median(key, 'us'),
            ratio: results.ratio(key, 'us', `${shape.id} ${PEER[shape.id]}`),
            bytes: results.median(key, 'bytes'),
            kB: results.median(key, 'kB'),
          },
        };
      }),
    }));
  },
};

async function measure(contestant, shape) {
  const { groups, readers, each, ticks, slices = SLICES, intervalUs = INTERVAL_US } = shape;
  const server = await startServer(contestant);
  const spread = (count) => `spread ${groups} ${each} ${count} ${slices} ${intervalUs}`;
  const resident = async () => {
    await server.ask('collect');
    return residentOf(server.served);
  };
  // One of each group has been there, so that a channel's own memory is not counted as a subscription's.
  const first = await Subscribers.open(contestant, server, groups, { groups });
  await first.warmUp(spread(10));
  await first.stop();
  const before = await resident();
  const load = await Subscribers.open(contestant, server, readers, { groups });
  await load.warmUp(spread(10));
  const kB = ((await resident()) - before) / 1024 / readers / (each === 1 ? 1 : each + 1);
  // As many as are measured: until its code is warm, a delivery costs up to twice as much.
  await load.warmUp(spread(ticks));
  const { cpuNs, messages, bytes } = await load.cost(ticks, () => server.ask(spread(ticks)));
  await load.stop();
  await server.stop();
  return { us: cpuNs / 1000 / messages, bytes: bytes / messages, kB };
}
