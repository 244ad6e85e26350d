import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext } from '../../support/browser.ts';

interface TabOptions {
  /** What may be reported without failing the test: a server that goes away on purpose makes the browser say so. */
  readonly expected?: RegExp;
}

/** Opens a page of the console in a tab. A fault that it reports, a breach of its policy too, fails the test. */
export async function openTab(t: TestContext, url: string, options: TabOptions = {}): Promise<Page> {
  // Each of another user: tabs of one share the six connections that a browser gives an origin.
  const tab = await (await openContext(t)).newPage();
  const faults: string[] = [];
  const note = (fault: string) => options.expected?.test(fault) || faults.push(fault);
  tab.on('pageerror', (error) => note(error.message));
  tab.on('console', (line) => {
    // A browser asks for this by itself where an answer is no page of the console.
    const isIcon = line.location().url.endsWith('/favicon.ico');
    if (line.type() === 'error' && !isIcon) note(line.text());
  });
  t.after(() => assert.deepEqual(faults, []));
  await tab.goto(url);
  return tab;
}

/** What a browser says on its console of a server that is gone. */
export const SERVER_GONE = /net::ERR_|WebSocket connection|EventSource/;

/** How much the page's parts have moved by themselves since it was opened by `watchShifts`. */
export function shifted(tab: Page): Promise<number> {
  return tab.evaluate(() => (window as unknown as { shifted: number }).shifted);
}

/** To be called before the page is opened. */
export function watchShifts(tab: Page): Promise<unknown> {
  return tab.addInitScript(() => {
    const shifts = Object.assign(window, { shifted: 0 });
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as unknown as { value: number; hadRecentInput: boolean };
        // What moves because somebody pressed something is meant to.
        if (!hadRecentInput) shifts.shifted += value;
      }
    });
    observer.observe({ type: 'layout-shift', buffered: true });
  });
}

/** By how many pixels the page is wider than the window. */
export function overflow(tab: Page): Promise<number> {
  return tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** Bytes that crossed the wire for what the page loads: its document, scripts and styles, compressed. */
export function loadedBytes(tab: Page): Promise<number> {
  return tab.evaluate(() =>
    performance
      .getEntries()
      .filter(({ entryType }) => entryType === 'navigation' || entryType === 'resource')
      .filter(({ name }) => !/\/(channels|connect)\b/.test(name))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
  );
}
