/*
 * What it takes to run a large hub from the console: 10,000 clients of 5,000 channels, one operator whose page Operate is open in
 * Chromium, and what of it the operator, the hub and the line between them feel.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { provideChromium } from '../../scripts/chromium.mjs';
import { freePort } from '../servers/child.mjs';
import { ROOT, SCRATCH } from '../support/paths.mjs';
import { Child, cpuOf } from '../support/process.mjs';
import { median } from '../support/statistics.mjs';

const CLIENTS = 10_000;
const CHANNELS = 5000;
/** Messages a second, each to two clients, in the second table. */
const RATE = 500;
const WATCHED_MS = 30_000;
/** Until what every process of a hub does when it begins is over. */
const SETTLE_MS = 5000;
const SEARCHES = 5;

export const operate = {
  name: 'operate',
  title: 'What an operator of a large hub feels',
  mostRounds: 1,
  async run({ quick, say }) {
    const [clients, channels] = quick ? [CLIENTS / 5, CHANNELS / 5] : [CLIENTS, CHANNELS];
    const watchedMs = quick ? WATCHED_MS / 3 : WATCHED_MS;
    const hub = await startHub();
    const load = new Child(undefined, process.execPath, [
      join(ROOT, 'bench/load/rooms.mjs'),
      `${hub.port}`,
      `${clients}`,
      `${channels}`,
    ]);
    await load.next();
    const tables = [];
    for (const [id, title] of [
      ['quiet', 'nothing is published'],
      ['busy', `${RATE} messages a second`],
    ]) {
      if (id === 'busy') await load.ask(`publish ${RATE}`);
      const rows = [
        { name: 'nobody looks', ours: true, figures: await unwatched(hub, watchedMs) },
        { name: 'an operator looks', ours: true, figures: await watched(hub, channels, watchedMs) },
      ];
      for (const { name, figures } of rows)
        say(
          name,
          `${title}: ${Object.entries(figures)
            .map(([key, value]) => `${key} ${value.toFixed(1)}`)
            .join(', ')}`,
        );
      tables.push({
        id,
        title: `${clients.toLocaleString('en')} clients of ${channels.toLocaleString('en')} channels, ${title}`,
        columns: COLUMNS,
        plot: { kind: 'bars', key: 'hub', axis: '% of a core that the hub takes' },
        rows,
      });
    }
    await load.stop();
    await hub.stop();
    return tables;
  },
};

const COLUMNS = [
  { key: 'hub', title: 'hub, % of a core', decimals: 1 },
  { key: 'kBs', title: 'kB/s to the page', decimals: 1 },
  { key: 'fps', title: 'frames a second', decimals: 0 },
  { key: 'worst', title: 'longest frame, ms', decimals: 0 },
  { key: 'long', title: 'long tasks, ms a minute', decimals: 0 },
  { key: 'clients', title: 'search of clients, ms', decimals: 0 },
  { key: 'channels', title: 'search of channels, ms', decimals: 0 },
];

async function startHub() {
  const port = await freePort();
  const config = join(SCRATCH, 'operate.json');
  const limits = { connectionsPerAddress: 100_000, publishesPerSecond: 100_000 };
  writeFileSync(config, JSON.stringify({ limits }));
  const args = [join(ROOT, 'dist/cli/main.js'), 'serve', '--port', `${port}`, '--config', config];
  const child = new Child(undefined, process.execPath, args);
  while (!(await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))) await delay(50);
  return Object.assign(child, { port });
}

async function unwatched(hub, ms) {
  await delay(SETTLE_MS);
  return { hub: await cpuPercent(hub, () => delay(ms)) };
}

async function watched(hub, channels, ms) {
  const browser = await chromium.launch({ executablePath: provideChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  let bytes = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      bytes += Buffer.byteLength(payload);
    }),
  );
  await page.goto(`http://127.0.0.1:${hub.port}/operate`);
  await page.locator('.clients tbody tr').first().waitFor();
  await delay(SETTLE_MS);
  bytes = 0;
  let frames;
  const percent = await cpuPercent(hub, async () => {
    frames = await page.evaluate(watchFrames, ms);
  });
  const kBs = bytes / ms;
  const found = {
    clients: await searched(page, 'clients', channels),
    channels: await searched(page, 'channels', channels),
  };
  await browser.close();
  return { hub: percent, kBs, ...frames, ...found };
}

async function cpuPercent(hub, work) {
  const before = cpuOf(hub.pid);
  const began = performance.now();
  await work();
  return ((cpuOf(hub.pid) - before) / 1e6 / (performance.now() - began)) * 100;
}

/** Runs in the page. */
async function watchFrames(ms) {
  const times = [];
  let longMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longMs += duration;
  });
  observer.observe({ type: 'longtask' });
  const began = performance.now();
  while (performance.now() - began < ms)
    times.push(await new Promise((resolve) => requestAnimationFrame(resolve)));
  observer.disconnect();
  const gaps = times.slice(1).map((time, nth) => time - times[nth]);
  return {
    fps: (gaps.length * 1000) / (times.at(-1) - times[0]),
    worst: Math.max(...gaps),
    long: (longMs * 60_000) / ms,
  };
}

/** From the last key of a search to the rows that fit it: the median of some. */
async function searched(page, list, channels) {
  const field = page.locator(`.${list} input[type=search]`);
  const times = [];
  for (let nth = 0; nth < SEARCHES; nth++) {
    const name = `room-${channels - 1 - nth}`;
    times.push(
      await field.evaluate(
        (input, [list, name]) => {
          input.value = name;
          const began = performance.now();
          input.dispatchEvent(new InputEvent('input', { bubbles: true }));
          return new Promise((resolve) => {
            const isThere = () => {
              const rows = [...document.querySelectorAll(`.${list} tbody tr`)];
              return rows.length > 0 && rows.every((row) => row.textContent.includes(name));
            };
            const look = () => (isThere() ? resolve(performance.now() - began) : requestAnimationFrame(look));
            look();
          });
        },
        [list, name],
      ),
    );
  }
  await field.fill('');
  return median(times);
}
