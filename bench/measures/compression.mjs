/*
 * What permessage-deflate saves and costs: bytes and CPU of the server a delivery, 1,000 WebSockets, messages of 128 bytes and of 2 kB
 * that compress as JSON does. fanwire compresses a message once for all who take it so, alone or in a window that they share; ws, as
 * other servers, for each of them, with a window of its own. Clients offer what browsers offer.
 *
 * The load can't see into a compressed stream. So one more subscriber inflates everything and checks that each message
 * is there, in order; and the streams of all others have to be its stream, byte for byte, by their number and a hash.
 */
import { CONTESTANTS, withArguments } from '../contestants.mjs';
import { InflatingSubscriber } from '../support/inflating-subscriber.mjs';
import { cpuOf, peakOf } from '../support/process.mjs';
import { upgrade } from '../support/requests.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const SUBSCRIBERS = 1000;
const SIZES = [128, 2048];
/** More than what fills a window that is shared. */
const WARM_UP = 40;
const TICKS = 30;
const INTERVAL_US = 150_000;
/** After which everybody has what was sent. */
const QUIET_MS = 1000;
/** What is compressed has no marks that could be counted. */
const BYTES = { counting: 'bytes' };

const offering = (path) =>
  upgrade(path, { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' });
const named = (name) => CONTESTANTS.find((contestant) => contestant.name === name);
const TAKING = [
  { ...named('fanwire WebSocket'), name: 'fanwire, plain' },
  {
    ...withArguments(named('fanwire WebSocket'), '{"compression":true}'),
    name: 'fanwire, compressed once',
    request: offering('/channels/scores'),
    compressed: true,
  },
  {
    ...withArguments(named('fanwire WebSocket'), '{"compression":{"sharedWindow":true}}'),
    name: 'fanwire, in a shared window',
    request: offering('/channels/scores'),
    compressed: true,
  },
  { ...named('ws'), name: 'ws, plain' },
  {
    ...withArguments(named('ws'), 'deflate'),
    name: 'ws, compressed for each',
    request: offering('/'),
    compressed: true,
  },
];

export const compression = {
  name: 'compression',
  title: 'What compression saves and costs',
  mostRounds: 3,
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const size of SIZES) {
        for (const contestant of TAKING) {
          const figures = await measure(contestant, size);
          results.note(rowOf(contestant.name, size), figures);
          say(rowOf(contestant.name, size), `${figures.bytes.toFixed(0)} bytes, ${figures.us.toFixed(2)} µs`);
        }
      }
    }
    return SIZES.map((size) => tableOf(results, size));
  },
};

function rowOf(name, size) {
  return `${name}, ${size} bytes`;
}

function tableOf(results, size) {
  return {
    id: `compression-${size}`,
    title: `Messages of ${size.toLocaleString('en')} bytes, ${SUBSCRIBERS.toLocaleString('en')} subscribers`,
    columns: [
      { key: 'bytes', title: 'bytes a delivery', decimals: 0 },
      { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
      { key: 'peakMB', title: 'peak MB', decimals: 0 },
    ],
    plot: { kind: 'bars', key: 'us', axis: 'µs of CPU a delivery' },
    rows: TAKING.map(({ name, ours }) => ({
      name,
      ours,
      figures: {
        bytes: results.median(rowOf(name, size), 'bytes'),
        us: results.median(rowOf(name, size), 'us'),
        peakMB: results.most(rowOf(name, size), 'peakMB'),
      },
    })),
  };
}

async function measure(contestant, size) {
  const server = await startServer(contestant);
  await server.ask(`size ${size}`);
  const load = await Subscribers.open(contestant, server, SUBSCRIBERS, { hashed: contestant.compressed });
  const figures = await (contestant.compressed ? compressedCost(load) : plainCost(load));
  const peakMB = peakOf(server.served) / 2 ** 20;
  await load.stop();
  await server.stop();
  return { ...figures, peakMB };
}

async function plainCost(load) {
  await load.warmUp(`ticks ${WARM_UP} 1 ${INTERVAL_US}`);
  const { cpuNs, bytes, messages } = await load.cost(TICKS, () =>
    load.server.ask(`ticks ${TICKS} 1 ${INTERVAL_US}`),
  );
  return { us: cpuNs / 1000 / messages, bytes: bytes / messages };
}

async function compressedCost(load) {
  const { server, child, contestant } = load;
  const witness = await InflatingSubscriber.open(contestant.request(server.port), server.port);
  // What greets a connection is no part of the streams, and comes before the first message.
  const { last } = await server.ask(`ticks 1 1 ${INTERVAL_US}`);
  await witness.reached(last);
  await load.until(() => false, { ...BYTES, lostMs: QUIET_MS });
  await child.ask('reset');
  witness.reset();
  const publish = async (ticks) => {
    const { last } = await server.ask(`ticks ${ticks} 1 ${INTERVAL_US}`);
    await witness.reached(last);
    return load.until(({ bytes }) => bytes >= SUBSCRIBERS * witness.bytes, BYTES);
  };
  const warm = await publish(WARM_UP);
  const before = cpuOf(server.served);
  const { bytes, alike, hash, faults } = await publish(TICKS);
  const cpuNs = cpuOf(server.served) - before;
  if (faults > 0 || !alike || hash !== witness.hash || bytes !== SUBSCRIBERS * witness.bytes)
    throw new Error(`${contestant.name} did not send everybody the same stream`);
  witness.close();
  const deliveries = TICKS * SUBSCRIBERS;
  return { us: cpuNs / 1000 / deliveries, bytes: (bytes - warm.bytes) / deliveries };
}
