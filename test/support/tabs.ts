import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { HubOptions } from '../../src/index.ts';
import { loadModule, openPages } from './browser.ts';
import { startHub } from './hub.ts';
import { metricsOf, metricValue } from './metrics.ts';

declare global {
  var tabs: typeof import('../../src/client/tabs/index.ts');
  var plain: typeof import('../../src/client/index.ts');
  var tab: import('../../src/client/tabs/index.ts').TabsClient;
  var got: unknown[];
  var sent: Promise<unknown>[];
}

export const CHANNEL = 'news';

/** Opens so many tabs, each with its own client that shares. */
export async function openTabs(t: TestContext, count: number, options: HubOptions = {}) {
  const { hub, url } = await startHub(t, options);
  const pages = await openPages(t, url, count);
  for (const page of pages) {
    await loadModule(page, 'tabs', 'dist/client/tabs/index.js');
    await page.evaluate(() => {
      globalThis.tab = globalThis.tabs.connect('', { transports: ['sse', 'polling'], storage: null });
      globalThis.got = [];
    });
  }
  return { hub, url, pages };
}

/** Resolves once each reads the channel. */
export function subscribeAll(pages: readonly Page[]): Promise<unknown> {
  return Promise.all(
    pages.map((page) =>
      page.evaluate(
        (channel) => globalThis.tab.subscribe(channel, ({ data }) => globalThis.got.push(data)).ready,
        CHANNEL,
      ),
    ),
  );
}

export async function gotBy(page: Page, count: number): Promise<unknown[]> {
  await page.waitForFunction((count) => globalThis.got.length >= count, count);
  return page.evaluate(() => globalThis.got);
}

export const viaOf = (page: Page) => page.evaluate(() => globalThis.tab.status.via);

/** The one that holds the connection, and the others. */
export async function split(pages: readonly Page[]): Promise<{ leader: Page; others: Page[] }> {
  const via = await Promise.all(pages.map(viaOf));
  assert.deepEqual(
    via.filter((each) => each === 'this tab'),
    ['this tab'],
  );
  const leader = pages[via.indexOf('this tab')]!;
  return { leader, others: pages.filter((page) => page !== leader) };
}

/** Resolves once it is so many: over HTTP, one that takes over may be there before the other has ended. */
export async function untilConnections(url: string, count: number): Promise<void> {
  while ((await connectionsOf(url)) !== count);
}

export async function connectionsOf(url: string): Promise<number> {
  return metricValue(await metricsOf(url), /^fanwire_connections$/);
}
