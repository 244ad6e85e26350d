/*
 * What WebTransport costs the server beside a WebSocket over TLS, in the same run: CPU of a delivery and of a handshake,
 * memory of a connection. The subscribers are programs in JavaScript on the other processor, so that there are 400 of them,
 * not thousands; a session's keys and packets are its own, so that a delivery costs as much with fewer.
 *
 * Then what it is for: the delay of messages on ten channels, for one subscriber behind a network that loses 1 % of the
 * packets each way, 20 ms long each way. One stream for each channel, as the SDK has it, stands beside one stream for all
 * of them. The latter is what TCP does, with the same recovery from loss. TCP itself is not measured: what stands between its
 * two ends in user space can delay bytes but lose none, and the kernel's own means of losing packets are not for every user.
 */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BENCH } from '../support/paths.mjs';
import { Child, CPUS, cpuOf, residentOf } from '../support/process.mjs';
import { percentile, Rounds } from '../support/statistics.mjs';
import { startServer } from '../support/subscribers.mjs';

const TLS = 'WebSocket over TLS';
const KINDS = [
  { name: TLS, kind: 'websocket' },
  { name: 'WebTransport', kind: 'webtransport' },
  { name: 'WebTransport, datagrams', kind: 'datagrams' },
];
const SUBSCRIBERS = 400;
const WARM_UP = 100;
const LOADS = [
  { key: 'one', ticks: 40, batch: 1, intervalUs: 250_000 },
  { key: 'ten', ticks: 20, batch: 10, intervalUs: 500_000 },
];
const LOSSY = [
  { name: 'a stream for each channel', kind: 'streams' },
  { name: 'one stream for all, as over TCP', kind: 'one' },
  { name: 'datagrams', kind: 'datagrams' },
];
const CHANNELS = 10;
const LOSS_PERCENT = 1;
const DELAY_MS = 20;
/** A second, each in a packet of its own: about a third of what congestion control lets through at such a loss. */
const RATE = 100;
const MESSAGES = 3000;
/** Nothing comes any more. */
const QUIET_MS = 2000;

export const webtransport = {
  name: 'webtransport',
  title: 'WebTransport beside a WebSocket over TLS',
  mostRounds: 3,
  async run({ rounds, quick, say }) {
    const costs = new Rounds();
    const tails = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const { name, kind } of KINDS) {
        const figures = await cost(name, kind);
        costs.note(name, figures);
        say(
          name,
          Object.entries(figures)
            .map(([key, figure]) => `${key} ${figure.toFixed(1)}`)
            .join(' '),
        );
      }
      for (const { name, kind } of LOSSY) {
        const figures = await tail(kind, quick ? MESSAGES / 10 : MESSAGES);
        tails.note(name, figures);
        say(
          name,
          Object.values(figures)
            .map((figure) => figure.toFixed(1))
            .join(' '),
        );
      }
    }
    return [
      {
        id: 'cost',
        title: `${SUBSCRIBERS} subscribers over TLS`,
        columns: [
          { key: 'one', title: 'µs of CPU a delivery, one a tick', decimals: 1 },
          { key: 'oneRatio', title: '× WebSocket', decimals: 1 },
          { key: 'ten', title: 'ten a tick', decimals: 1 },
          { key: 'tenRatio', title: '× WebSocket', decimals: 1 },
          { key: 'handshakeMs', title: 'ms of CPU a handshake', decimals: 1 },
          { key: 'handshakeRatio', title: '× WebSocket', decimals: 1 },
          { key: 'kB', title: 'kB a connection', decimals: 0 },
          { key: 'kBRatio', title: '× WebSocket', decimals: 1 },
        ],
        plot: { kind: 'bars', key: 'oneRatio', axis: 'CPU a delivery, × a WebSocket over TLS' },
        rows: KINDS.map(({ name }) => ({ name, ours: true, figures: withRatios(costs, name) })),
      },
      {
        id: 'loss',
        title: `${CHANNELS} channels, ${RATE} messages a second, ${LOSS_PERCENT} % of the packets lost, a round trip of ${2 * DELAY_MS} ms`,
        columns: [
          { key: 'median', title: 'median ms', decimals: 1 },
          { key: 'p99', title: '99 % ms', decimals: 1 },
          { key: 'p999', title: '99.9 % ms', decimals: 1 },
          { key: 'late', title: `% later than ${3 * DELAY_MS} ms`, decimals: 1 },
          { key: 'percent', title: '% that came', decimals: 1 },
        ],
        plot: { kind: 'bars', key: 'p99', axis: 'ms until 99 of 100 messages were there' },
        rows: LOSSY.map(({ name }) => ({
          name,
          ours: true,
          figures: tails.medians(name, ['median', 'p99', 'p999', 'late', 'percent']),
        })),
      },
    ];
  },
};

function withRatios(costs, name) {
  const keys = ['one', 'ten', 'handshakeMs', 'kB'];
  const ratioOf = { one: 'oneRatio', ten: 'tenRatio', handshakeMs: 'handshakeRatio', kB: 'kBRatio' };
  return {
    ...costs.medians(name, keys),
    ...Object.fromEntries(keys.map((key) => [ratioOf[key], costs.ratio(name, key, TLS)])),
  };
}

const serverOf = (...args) => ({
  command: () => [process.execPath, ['--expose-gc', join(BENCH, 'servers/fanwire-tls.mjs'), ...args]],
});

async function startLoad(script, ...args) {
  const load = new Child(CPUS.load, process.execPath, [join(BENCH, 'load', script), ...args.map(String)]);
  await load.next();
  return load;
}

async function cost(name, kind) {
  const server = await startServer(serverOf());
  const load = await startLoad('sessions.mjs', kind, server.port);
  await load.ask(`open ${WARM_UP}`);
  await server.ask('ticks 20 1 20000');
  const before = await residentNow(server);
  const cpuBefore = cpuOf(server.served);
  await load.ask(`open ${SUBSCRIBERS - WARM_UP}`);
  const handshakes = SUBSCRIBERS - WARM_UP;
  const handshakeMs = (cpuOf(server.served) - cpuBefore) / 1e6 / handshakes;
  const kB = ((await residentNow(server)) - before) / 1024 / handshakes;
  const figures = { handshakeMs, kB };
  for (const { key, ticks, batch, intervalUs } of LOADS) {
    await load.ask('reset');
    const begin = cpuOf(server.served);
    await server.ask(`ticks ${ticks} ${batch} ${intervalUs}`);
    const report = await settled(load, SUBSCRIBERS * ticks * batch);
    figures[key] = (cpuOf(server.served) - begin) / 1000 / report.messages;
    // Datagrams may be lost; what comes on a stream is all there, in order.
    if (
      kind !== 'datagrams' &&
      (report.faults > 0 || report.least !== ticks * batch || report.most !== ticks * batch)
    )
      throw new Error(`${name} did not deliver exactly: ${JSON.stringify(report)}`);
  }
  await load.stop();
  await server.stop();
  return figures;
}

async function residentNow(server) {
  await delay(1000);
  await server.ask('collect');
  return residentOf(server.served);
}

/** The report once so many messages have come, or nothing more does. */
async function settled(load, messages) {
  let before = -1;
  let since = performance.now();
  for (;;) {
    const report = await load.ask('report');
    if (report.messages === messages) return report;
    if (report.messages !== before) since = performance.now();
    else if (performance.now() - since > QUIET_MS) return report;
    before = report.messages;
    await delay(20);
  }
}

async function tail(kind, messages) {
  const server = await startServer(serverOf(CHANNELS));
  const load = await startLoad('lossy.mjs', kind, server.port, LOSS_PERCENT, DELAY_MS);
  await server.ask(`rate ${RATE} ${RATE}`);
  await delay(QUIET_MS);
  await load.ask('reset');
  await server.ask(`rate ${RATE} ${messages}`);
  await delay(QUIET_MS);
  const { delays } = await load.ask('report');
  if (kind !== 'datagrams' && delays.length !== messages)
    throw new Error(`${kind}: ${delays.length} of ${messages} messages came`);
  await load.stop();
  await server.stop();
  delays.sort((a, b) => a - b);
  return {
    median: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    p999: percentile(delays, 0.999),
    late: (100 * delays.filter((ms) => ms > 3 * DELAY_MS).length) / delays.length,
    percent: (100 * delays.length) / messages,
  };
}
