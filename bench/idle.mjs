/*
 * What an idle subscriber costs in memory: resident bytes of the server process for each of 5,000 connections, after
 * 500 that warm it up, beside the barest server that holds such a connection open.
 *
 *   node bench/idle.mjs [--connections N]
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { compile } from './compile.mjs';
import { CONTESTANTS } from './contestants.mjs';
import { residentOf, startLoad, startServer } from './process.mjs';

const WARM_UP = 500;
const { values } = parseArgs({ options: { connections: { type: 'string', default: '5000' } } });
const connections = Number(values.connections);
const folder = mkdtempSync(join(tmpdir(), 'fanwire-bench-'));
const subscribers = compile('load/subscribers.c', folder);

console.log(`resident memory of the server for each of ${connections} idle connections`);
for (const contestant of CONTESTANTS.filter(({ floor }) => !floor)) {
  const [command, args] = contestant.command(folder);
  const collected = command === process.execPath ? ['--expose-gc', ...args] : args;
  const server = startServer(command, collected);
  const { port } = await server.next();
  const before = await resident(contestant, server, port, WARM_UP);
  const after = await resident(contestant, server, port, connections);
  console.log(
    `${contestant.name.padEnd(28)} ${((after - before) / connections / 1024).toFixed(1).padStart(6)} kB`,
  );
  await server.stop();
}
process.exit();

async function resident(contestant, server, port, count) {
  const request = join(folder, 'request');
  writeFileSync(request, contestant.request(port));
  const followUp = join(folder, 'follow-up');
  if (contestant.followUp) writeFileSync(followUp, contestant.followUp);
  const load = startLoad(
    subscribers,
    [port, count, request, ...(contestant.followUp ? [followUp] : [])].map(String),
  );
  await load.next();
  await delay(1000);
  await server.ask('collect');
  return residentOf(server.pid);
}
