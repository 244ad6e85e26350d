import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { onEnd } from './on-end.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a page whose origin is that of a hub's `url`, in a headless Chromium of its own. */
export async function openPage(t: TestContext, url: string): Promise<Page> {
  const { provideChromium } = await import(pathToFileURL('scripts/chromium.mjs').href);
  const browser = await chromium.launch({ executablePath: provideChromium(), args: ARGUMENTS });
  onEnd(t, () => browser.close());
  const page = await browser.newPage();
  // An answer of the hub's own: Chromium keeps pages that Playwright makes up from loopback.
  await page.goto(`${url}/healthz`);
  return page;
}
