/*
 * What a request costs beside bare node:http: CPU of the server, user and system, for
 *   - publishing one message a POST, over 16 connections that stay open;
 *   - publishing a batch of 1,000 messages a POST, each message beside a POST of its own;
 *   - a cycle of long polling: 500 parked requests are answered by one publish, and ask again at once.
 * The servers take turns, and a ratio is taken within its round. Every answer is checked. Each has been asked often enough before
 * that its compiler has done most of its work, and the load never sleeps: a server that had to wake its processor
 * for an answer would pay for how quick the load is.
 */
import { join } from 'node:path';
import { Lane } from '../support/lane.mjs';
import { BENCH } from '../support/paths.mjs';
import { Child, CPUS, cpuOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';

const CONNECTIONS = 16;
const PUBLISHES = 20_000;
const WARM_UP_PUBLISHES = 16_000;
const BATCHES = 50;
const BATCH = 1_000;
const PARKED = 500;
const CYCLES = 30;
const WARM_UP_CYCLES = 20;
const DATA = JSON.stringify('x'.repeat(126));

const WORK = [
  {
    name: 'publish, one a POST',
    warmUp: (server) => publishes(server, WARM_UP_PUBLISHES),
    work: (server) => publishes(server, PUBLISHES),
    count: PUBLISHES,
  },
  {
    name: 'publish, 1,000 a POST',
    warmUp: batches,
    work: batches,
    count: BATCHES * BATCH,
    // Without a batch each of its messages is a request.
    beside: 'publish, one a POST',
  },
  {
    name: 'long polling, a cycle',
    warmUp: (server) => cycles(server, WARM_UP_CYCLES),
    work: (server) => cycles(server, CYCLES),
    count: CYCLES * PARKED,
  },
];

export const requests = {
  name: 'requests',
  title: 'What a request costs',
  async run({ rounds, say }) {
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const script of ['node-http', 'fanwire']) {
        const costs = await measure(script, results);
        say(script, costs.map((us) => us.toFixed(2)).join(' '));
      }
    }
    return [
      {
        id: 'requests',
        title: 'µs of CPU for each message published, or each poll answered',
        columns: [
          { key: 'us', title: 'fanwire, µs', decimals: 2 },
          { key: 'bare', title: 'bare node:http, µs', decimals: 2 },
          { key: 'ratio', title: '× bare', decimals: 2 },
        ],
        plot: { kind: 'bars', key: 'ratio', axis: 'CPU, × bare node:http' },
        rows: WORK.map(({ name, beside = name }) => ({
          name,
          ours: true,
          figures: {
            us: results.median(`fanwire ${name}`, 'us'),
            bare: results.median(`node-http ${beside}`, 'us'),
            ratio: results.ratio(`fanwire ${name}`, 'us', `node-http ${beside}`),
          },
        })),
      },
    ];
  },
};

async function measure(script, results) {
  const sleep = stayAwake();
  const costs = [];
  for (const { name, warmUp, work, count } of WORK.filter(({ beside }) => !beside || script === 'fanwire')) {
    // A server of its own for each: what a batch leaves in the heap is no cost of a poll.
    const server = new Child(CPUS.server, process.execPath, [join(BENCH, 'servers', `${script}.mjs`)]);
    Object.assign(server, await server.next());
    await warmUp(server);
    const before = cpuOf(server.pid);
    await work(server);
    const us = (cpuOf(server.pid) - before) / 1000 / count;
    results.note(`${script} ${name}`, { us });
    costs.push(us);
    await server.stop();
  }
  sleep();
  return costs;
}

/** Keeps this process from waiting for what comes; returns what lets it. */
function stayAwake() {
  let turn = setImmediate(again);
  function again() {
    turn = setImmediate(again);
  }
  return () => clearImmediate(turn);
}

async function publishes({ port }, count) {
  const request = post(port, 'application/json', DATA);
  const lanes = Array.from({ length: CONNECTIONS }, async () => {
    const lane = await Lane.open(port);
    for (let index = 0; index < count / CONNECTIONS; index++) expect(await lane.ask(request), '201', '"id"');
    lane.close();
  });
  await Promise.all(lanes);
}

async function batches({ port }) {
  const request = post(port, 'application/x-ndjson', `${DATA}\n`.repeat(BATCH));
  const lane = await Lane.open(port);
  for (let index = 0; index < BATCHES; index++) expect(await lane.ask(request), '201', '"ids"');
  lane.close();
}

async function cycles(server, count) {
  const { port } = server;
  const request = `GET /channels/scores?wait=50 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  const lanes = await Promise.all(Array.from({ length: PARKED }, () => Lane.open(port)));
  let answers = lanes.map((lane) => lane.ask(request));
  await parkedAll();
  for (let cycle = 0; cycle < count; cycle++) {
    await server.ask('ticks 1 1 0');
    for (const answer of await Promise.all(answers)) expect(answer, '200', 'xxx');
    answers = lanes.map((lane) => lane.ask(request));
    await parkedAll();
  }
  for (const lane of lanes) lane.close();

  /** Once a later request is answered, the earlier ones have been read: one event loop handles them in order. */
  async function parkedAll() {
    const probe = await Lane.open(port);
    await probe.ask(post(port, 'application/json', DATA, '/channels/probe'));
    probe.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function post(port, type, body, path = '/channels/scores-in') {
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function expect(answer, ...parts) {
  for (const part of parts)
    if (!answer.includes(part)) throw new Error(`unexpected answer: ${answer.slice(0, 300)}`);
}
