/*
 * What a request costs beside bare node:http: CPU of the server, user and system, for
 *   - publishing one message a POST, over 16 connections that stay open;
 *   - publishing a batch of 1,000 messages a POST;
 *   - a cycle of long polling: 500 parked requests are answered by one publish, and ask again at once.
 * The servers take turns, and a ratio is taken within its round. Every answer is checked.
 *
 *   node bench/requests.mjs [--rounds N]
 */
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpuOf, median, startServer } from './process.mjs';

const SERVERS = join(dirname(fileURLToPath(import.meta.url)), 'servers');
const CONNECTIONS = 16;
const PUBLISHES = 8_000;
const BATCHES = 20;
const BATCH = 1_000;
const PARKED = 500;
const CYCLES = 20;
const DATA = JSON.stringify('x'.repeat(126));

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rows = new Map();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const name of ['node-http', 'fanwire']) {
    const server = startServer(process.execPath, [join(SERVERS, `${name}.mjs`)]);
    const { port } = await server.next();
    await publishes(port, 2_000);
    note(name, 'publish, one a POST', await cost(server, () => publishes(port, PUBLISHES)), PUBLISHES);
    if (name === 'fanwire') {
      note(name, `publish, ${BATCH} a POST`, await cost(server, () => batches(port)), BATCHES * BATCH);
    }
    await cycles(server, port, 5);
    note(
      name,
      'long polling, a cycle',
      await cost(server, () => cycles(server, port, CYCLES)),
      CYCLES * PARKED,
    );
    await server.stop();
  }
}
for (const [what, byServer] of rows) {
  for (const [name, costs] of byServer) {
    const floors = byServer.get('node-http');
    const ratio = floors ? median(costs.map((one, round) => one / floors[round])).toFixed(2) : '';
    console.log(`${what.padEnd(24)} ${name.padEnd(12)} ${median(costs).toFixed(2).padStart(7)} µs  ${ratio}`);
  }
}
process.exit();

function note(name, what, ns, count) {
  if (!rows.has(what)) rows.set(what, new Map());
  const byServer = rows.get(what);
  byServer.set(name, [...(byServer.get(name) ?? []), ns / 1000 / count]);
}

async function cost(server, work) {
  const before = cpuOf(server.pid);
  await work();
  return cpuOf(server.pid) - before;
}

async function publishes(port, count) {
  const request = post(port, 'application/json', DATA);
  const lanes = Array.from({ length: CONNECTIONS }, async () => {
    const lane = await open(port);
    for (let index = 0; index < count / CONNECTIONS; index++) expect(await lane.ask(request), '201', '"id"');
    lane.close();
  });
  await Promise.all(lanes);
}

async function batches(port) {
  const request = post(port, 'application/x-ndjson', `${DATA}\n`.repeat(BATCH));
  const lane = await open(port);
  for (let index = 0; index < BATCHES; index++) expect(await lane.ask(request), '201', '"ids"');
  lane.close();
}

async function cycles(server, port, count) {
  const request = `GET /channels/scores?wait=50 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  const lanes = await Promise.all(Array.from({ length: PARKED }, () => open(port)));
  let answers = lanes.map((lane) => lane.ask(request));
  await parkedAll();
  for (let cycle = 0; cycle < count; cycle++) {
    await server.ask('1 1 0');
    for (const answer of await Promise.all(answers)) expect(answer, '200', 'xxx');
    answers = lanes.map((lane) => lane.ask(request));
    await parkedAll();
  }
  for (const lane of lanes) lane.close();

  /** Once a later request is answered, the earlier ones have been read: one event loop handles them in order. */
  async function parkedAll() {
    const probe = await open(port);
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

/** A connection that sends a request and gives its answer, by Content-Length. */
async function open(port) {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.setNoDelay();
  let text = '';
  let answered;
  socket.on('data', (data) => {
    text += data.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < end + 4 + length) return;
    const answer = text;
    text = '';
    answered(answer);
  });
  return {
    ask(request) {
      socket.write(request);
      return new Promise((resolve) => {
        answered = resolve;
      });
    },
    close: () => socket.destroy(),
  };
}
