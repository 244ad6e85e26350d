/*
 * What a delivery costs: CPU of the server, user and system, by the kernel's own accounts, for 1,000 subscribers and
 * payloads of 128 bytes, as a ratio to a C program that does nothing but one `write` a delivery.
 *
 * Server and load run on a processor each. Every server publishes by its own means within its own process, at a pace
 * that leaves it idle most of the time, so that queues play no part. The servers take turns, round by round, so
 * that a machine that speeds up or slows down does so for all of them; a ratio is taken within its round. A
 * run counts only if every subscriber got every message, once and in order.
 *
 *   node bench/fan-out.mjs [--rounds N] [name …]
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compile } from './compile.mjs';
import { CONTESTANTS, FLOOR } from './contestants.mjs';
import { cpuOf, median, startLoad, startServer } from './process.mjs';

const SUBSCRIBERS = 1000;
const LOADS = [
  { name: 'one message a tick', ticks: 200, batch: 1, intervalUs: 10_000 },
  { name: 'ten messages a tick', ticks: 40, batch: 10, intervalUs: 50_000 },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const folder = mkdtempSync(join(tmpdir(), 'fanwire-bench-'));
const subscribersBinary = compile('load/subscribers.c', folder);
const chosen = CONTESTANTS.filter(
  ({ name, floor }) => positionals.length === 0 || floor || positionals.some((word) => name.includes(word)),
);

const results = new Map();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const contestant of chosen) {
    const costs = await measure(contestant);
    costs.forEach((cost, index) => {
      const key = `${contestant.name}\n${LOADS[index].name}`;
      results.set(key, [...(results.get(key) ?? []), cost]);
    });
  }
}
print();

async function measure(contestant) {
  const server = startServer(...contestant.command(folder));
  const { port } = await server.next();
  const request = join(folder, 'request');
  writeFileSync(request, contestant.request(port));
  const files = [request];
  if (contestant.followUp) {
    files.push(join(folder, 'follow-up'));
    writeFileSync(files[1], contestant.followUp);
  }
  const load = startLoad(subscribersBinary, [String(port), String(SUBSCRIBERS), ...files]);
  await load.next();
  await server.ask('50 1 10000');
  await settled(load, 50);
  const costs = [];
  for (const { ticks, batch, intervalUs } of LOADS) {
    await load.ask('reset');
    const before = cpuOf(server.pid);
    await server.ask(`${ticks} ${batch} ${intervalUs}`);
    const report = await settled(load, ticks * batch);
    const cost = (cpuOf(server.pid) - before) / 1000 / report.messages;
    if (report.faults > 0 || report.least !== ticks * batch || report.most !== ticks * batch) {
      throw new Error(`${contestant.name} did not deliver exactly: ${JSON.stringify(report)}`);
    }
    costs.push(cost);
  }
  await load.stop();
  await server.stop();
  return costs;
}

/** The report once every subscriber has everything, or nothing more comes. */
async function settled(load, messages) {
  let before = -1;
  for (;;) {
    const report = await load.ask('report');
    if (report.least >= messages || report.messages === before) return report;
    before = report.messages;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function print() {
  for (const { name: load } of LOADS) {
    console.log(`\n${load}, ${SUBSCRIBERS} subscribers: µs of CPU a delivery, and as a ratio to the floor`);
    for (const { name, kind } of chosen) {
      const costs = results.get(`${name}\n${load}`);
      const floors = results.get(`${FLOOR[kind]}\n${LOADS[0].name}`);
      const ratio = median(costs.map((cost, round) => cost / floors[round]));
      const range = `${Math.min(...costs).toFixed(2)}–${Math.max(...costs).toFixed(2)}`;
      console.log(
        `${name.padEnd(28)} ${median(costs).toFixed(2).padStart(7)}  (${range})  ${ratio.toFixed(2)}`,
      );
    }
  }
}
