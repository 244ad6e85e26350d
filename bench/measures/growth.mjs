/*
 * What grows with what: CPU of the server, latency and memory over readers, channels, channels of a client, bytes of a message and messages
 * a second, each alone, in steps of ten. A curve should be flat, but where its title says otherwise; a step at which it
 * is not is a knee. All readers are WebSockets, checked delivery by delivery.
 */
import { CONTESTANTS, MANY_CHANNELS, manyChannels } from '../contestants.mjs';
import { cpuOf, residentOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const WEBSOCKET = CONTESTANTS.find(({ name }) => name === 'fanwire WebSocket');
const SESSION = MANY_CHANNELS.find(({ ours }) => ours);
/** Limits are there to be met by clients, not by a benchmark. */
const OPTIONS = JSON.stringify({
  limits: {
    connectionsPerAddress: 100_000,
    messageBytes: 4_000_000,
    channelsPerConnection: 10_000,
    framesInFlight: 20_000,
    receivedBytesPerConnection: 4_000_000,
  },
});

const US = { key: 'us', title: 'µs of CPU a delivery', decimals: 2 };
const TAIL = { key: 'tailMs', title: '99 % ms', decimals: 1 };

const CURVES = [
  {
    id: 'readers',
    title: 'Readers of one channel',
    axis: 'µs of CPU a delivery',
    columns: [US, TAIL, { key: 'kB', title: 'kB a reader', decimals: 1 }],
    steps: [10, 100, 1000, 10_000],
    async measure(readers) {
      // As many deliveries each time.
      const ticks = Math.max(10, Math.min(500, 60_000 / readers));
      return delivered({
        readers,
        work: `ticks ${ticks} 1 ${Math.max(5000, readers * 20)}`,
        messages: ticks,
      });
    },
  },
  {
    id: 'channels',
    title: 'Channels with a message each',
    axis: 'µs of CPU a publish',
    columns: [
      { key: 'us', title: 'µs of CPU a publish to a new channel', decimals: 2 },
      { key: 'again', title: 'µs to one that is there', decimals: 2 },
      { key: 'kB', title: 'kB a channel', decimals: 2 },
    ],
    steps: [10, 100, 1000, 10_000, 100_000, 1_000_000],
    measure: published,
  },
  {
    id: 'subscriptions',
    title: 'Channels of each of 200 clients, over the SDK’s endpoint',
    axis: 'µs of CPU a delivery',
    columns: [US, { key: 'kB', title: 'kB a subscription', decimals: 2 }],
    steps: [1, 10, 100, 1000],
    async measure(channels) {
      const contestant = { ...SESSION, followUp: manyChannels(channels) };
      return delivered({
        contestant,
        readers: 200,
        groups: 20,
        subscriptions: channels,
        work: `spread 20 ${channels} 200 2 2000`,
        messages: 200,
      });
    },
  },
  {
    id: 'bytes',
    title: 'Bytes of a message to 100 readers: should grow by the byte, once it has some',
    axis: 'µs of CPU a delivery',
    columns: [US, { key: 'nsAByte', title: 'ns a byte', decimals: 2 }],
    steps: [64, 1000, 10_000, 100_000, 1_000_000],
    async measure(bytes) {
      const ticks = Math.max(10, Math.min(300, 3_000_000 / bytes));
      const { us } = await delivered({
        readers: 100,
        bytes,
        work: `ticks ${ticks} 1 ${Math.max(5000, bytes / 10)}`,
        messages: ticks,
      });
      return { us, nsAByte: (us * 1000) / bytes };
    },
  },
  {
    id: 'rate',
    title: 'Messages a second to 10 readers: should fall, as those of a tick are joined',
    axis: 'µs of CPU a delivery',
    columns: [US, TAIL],
    steps: [10, 100, 1000, 10_000, 100_000],
    async measure(perSecond) {
      const messages = Math.max(30, perSecond * 2);
      return delivered({ readers: 10, work: `rate ${perSecond} ${messages}`, messages });
    },
  },
];

export const growth = {
  name: 'growth',
  title: 'What grows with what',
  mostRounds: 3,
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const { id, steps, columns, measure } of CURVES) {
        for (const step of steps) {
          const figures = await measure(step);
          results.note(`${id} ${step}`, figures);
          say(
            `${id} ${step}`,
            columns.map(({ key, decimals }) => figures[key]?.toFixed(decimals)).join(', '),
          );
        }
      }
    }
    return CURVES.map(({ id, title, axis, columns, steps }) => ({
      id,
      title,
      columns,
      plot: { kind: 'bars', key: 'us', axis },
      rows: steps.map((step) => ({
        name: step.toLocaleString('en'),
        ours: true,
        figures: Object.fromEntries(
          columns.map(({ key }) => [
            key,
            results.has(`${id} ${step}`) && results.median(`${id} ${step}`, key),
          ]),
        ),
      })),
    }));
  },
};

async function delivered({
  contestant = WEBSOCKET,
  readers,
  groups = 1,
  subscriptions = 1,
  bytes,
  work,
  messages,
}) {
  const server = await startServer(withOptions(contestant));
  if (bytes) await server.ask(`size ${bytes}`);
  const first = await Subscribers.open(contestant, server, groups, { groups });
  await first.warmUp(work);
  await first.stop();
  const before = await residentAfterCollection(server);
  const load = await Subscribers.open(contestant, server, readers, { groups });
  await load.warmUp(work);
  const kB = ((await residentAfterCollection(server)) - before) / 1024 / readers / subscriptions;
  const { cpuNs, messages: all, p99us } = await load.cost(messages, () => server.ask(work));
  await load.stop();
  await server.stop();
  // Of a few hundred connections the heap's own steps are all that is read.
  const many = readers * subscriptions >= 1000;
  return { us: cpuNs / 1000 / all, kB: many ? kB : undefined, tailMs: p99us / 1000 };
}

async function published(channels) {
  const server = await startServer(withOptions(WEBSOCKET));
  // Warm code, over other channels than those that are measured.
  await server.ask('spread 2000 1 10 2 1000');
  const before = await residentAfterCollection(server);
  const cpuOfRound = async () => {
    const cpu = cpuOf(server.served);
    await server.ask(`spread ${channels} 1 1 ${Math.max(2, channels / 1000)} 1000`);
    return (cpuOf(server.served) - cpu) / 1000 / channels;
  };
  await server.ask('prefix new');
  const us = await cpuOfRound();
  const kB = ((await residentAfterCollection(server)) - before) / 1024 / channels;
  const again = await cpuOfRound();
  await server.stop();
  return { us, again, kB: channels >= 1000 ? kB : undefined };
}

function withOptions(contestant) {
  return {
    ...contestant,
    command: () => {
      const [program, args] = contestant.command();
      return [program, [...args, OPTIONS]];
    },
  };
}

async function residentAfterCollection(server) {
  await server.ask('collect');
  return residentOf(server.served);
}
