// Everything that is read anew, one after the other.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { provideChromium } from '../chromium.mjs';
import { readChoose } from './choose.mjs';
import { readCode } from './code.mjs';
import { readDoctor } from './doctor.mjs';
import { readLessons, readOverTls } from './lessons.mjs';
import { readPlayground } from './playground.mjs';
import { readScenarios } from './scenarios.mjs';
import { readWire } from './wire.mjs';

const SIZE = { width: 1440, height: 900 };

/** What is read in the console, and of a hub that serves how. */
const PAGES = [
  { args: [], reads: [readLessons, readChoose, readScenarios, readPlayground] },
  { args: ['--tls', 'self-signed', '--webtransport'], reads: [readOverTls] },
];
const OTHERS = [readCode, readWire, readDoctor];

/** @param onBegin called with the name of each */
export async function readAll(onBegin) {
  const browser = await chromium.launch({
    executablePath: provideChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const readings = [];
  try {
    for (const { args, reads } of PAGES) {
      const { url, stop } = await serve(args);
      for (const read of reads) {
        onBegin(read.name);
        const page = await browser.newPage({ viewport: SIZE, ignoreHTTPSErrors: true });
        readings.push(...(await read(page, url)));
        await page.close();
      }
      stop();
    }
    for (const read of OTHERS) {
      onBegin(read.name);
      readings.push(...(await read()));
    }
  } finally {
    await browser.close();
  }
  return readings;
}

async function serve(options) {
  const args = ['dist/cli/main.js', 'serve', '--port', '0', '--graphql', '--grpc', ...options];
  const hub = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(hub.stdout)) {
    const [, url] = /^fanwire listens on (\S+)$/.exec(line) ?? [];
    if (url) return { url, stop: () => hub.kill() };
  }
  throw new Error('fanwire serve did not say where it listens');
}
