/*
 * What a publish costs on each log: publishes a second and this node's CPU (user and system, without that of an
 * engine in a process of its own) for payloads of 128 bytes, one after another and a hundred at once. Every
 * publish is waited for: it counts when it is as durable as its log promises.
 *
 *   npm run build && node bench/publish.mjs [--seconds N] [memory | lmdb:DIR | redis://HOST | nats://HOST …]
 */
import { parseArgs } from 'node:util';
import { logAt, logUrlFault } from '../dist/config/log-url.js';
import { createHub } from '../dist/index.js';

const DATA = 'x'.repeat(126);
const AT_ONCE = [1, 100];
const CHANNELS = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '3' } },
});

console.log('log        at once  publishes/s  µs CPU each   median ms    99 % ms');
for (const url of positionals.length > 0 ? positionals : ['memory']) {
  const fault = logUrlFault(url);
  if (fault) throw new Error(fault);
  const log = await logAt(url);
  const hub = createHub({ log, channels: { '*': { retain: { count: 1000 } } } });
  for (const atOnce of AT_ONCE) {
    await publishFor(hub, atOnce, 500);
    print(log.capabilities.name, atOnce, await publishFor(hub, atOnce, Number(values.seconds) * 1000));
  }
  await hub.close({ drainMs: 0 });
}

async function publishFor(hub, atOnce, ms) {
  const latencies = [];
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let end = begin;
  while (end - begin < ms) {
    const started = performance.now();
    await Promise.all(
      Array.from({ length: atOnce }, (_, index) => hub.publish(`c${index % CHANNELS}`, DATA)),
    );
    end = performance.now();
    latencies.push(end - started);
    // A log in memory answers without a turn of the event loop; a server has one after each read of a socket.
    await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage(cpu);
  const publishes = latencies.length * atOnce;
  latencies.sort((a, b) => a - b);
  return {
    perSecond: publishes / ((end - begin) / 1000),
    cpuUs: (user + system) / publishes,
    medianMs: latencies[Math.floor(latencies.length / 2)],
    worstMs: latencies[Math.floor(latencies.length * 0.99)],
  };
}

function print(name, atOnce, { perSecond, cpuUs, medianMs, worstMs }) {
  const columns = [
    name.padEnd(9),
    String(atOnce).padStart(8),
    Math.round(perSecond).toLocaleString('en').padStart(12),
    cpuUs.toFixed(1).padStart(12),
    medianMs.toFixed(2).padStart(11),
    worstMs.toFixed(2).padStart(10),
  ];
  console.log(columns.join(' '));
}
