// This machine's own sensors, each of which publishes by itself. What the machine doesn't have is said to be missing.
import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem, uptime } from 'node:os';

const PERIOD_MS = 1000;
const GIBIBYTE = 2 ** 30;

export const channels = { 'console:demo:iot': { publish: 'nobody', retain: { count: 600, ageMs: 60_000 } } };

/** Name, unit, and what reads it; that throws where there is no such thing. */
const SENSORS = [
  ['Load per processor', '', async () => loadavg()[0] / availableParallelism()],
  ['Memory in use', 'GiB', async () => (totalmem() - freemem()) / GIBIBYTE],
  ['Disk in use', 'GiB', diskInUse],
  ['Network, received', 'kB/s', growth(() => networkBytes(0))],
  ['Network, sent', 'kB/s', growth(() => networkBytes(8))],
  ['Temperature', '°C', async () => Number(await readFile('/sys/class/thermal/thermal_zone0/temp')) / 1000],
  ['Battery', '%', async () => Number(await readFile('/sys/class/power_supply/BAT0/capacity'))],
  ['Running for', 'h', async () => uptime() / 3600],
];

export function whileWatched(hub) {
  const measure = async () => {
    for (const [name, unit, read] of SENSORS) {
      const value = await read().catch(() => null);
      await hub.publish('console:demo:iot', { name, unit, value });
    }
  };
  const timer = setInterval(() => void measure().catch(() => {}), PERIOD_MS);
  return () => clearInterval(timer);
}

async function diskInUse() {
  const { blocks, bfree, bsize } = await statfs('/');
  return ((blocks - bfree) * bsize) / GIBIBYTE;
}

/** Kilobytes that came through all interfaces by now: Linux tells. */
async function networkBytes(column) {
  const interfaces = (await readFile('/proc/net/dev', 'utf8')).trim().split('\n').slice(2);
  const counts = interfaces.map((line) => Number(line.split(':')[1].trim().split(/\s+/)[column]));
  return counts.reduce((sum, count) => sum + count, 0) / 1000;
}

/** By how much it grew since the last reading. */
function growth(read) {
  let before;
  return async () => {
    const now = await read();
    const grown = now - (before ?? now);
    before = now;
    return grown;
  };
}
