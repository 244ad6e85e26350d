import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/** Not those of the repository's other tests, which turn QUIC off. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/** A page on loopback, which browsers trust as they do one of `https`. */
export async function openPage(t: TestContext): Promise<Page> {
  const site = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html>'),
  );
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  t.after(() => site.close());
  const { provideChromium } = await import(pathToFileURL('scripts/chromium.mjs').href);
  const browser = await chromium.launch({ executablePath: provideChromium(), args: ARGUMENTS });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  return page;
}
