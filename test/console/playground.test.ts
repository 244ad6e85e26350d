import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServe } from '../support/cli.ts';
import { onEnd } from '../support/on-end.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, SERVER_GONE } from './support/tab.ts';

const TRANSPORTS = ['websocket', 'sse', 'http-streaming', 'long-polling', 'polling'];

const delayOf = (tab: Page, transport: string) =>
  tab.locator(`tr[data-transport=${transport}] td strong`).first();

/** Resolves once every lane has a delay to tell. */
async function allArrived(tab: Page): Promise<void> {
  for (const transport of TRANSPORTS)
    await delayOf(tab, transport)
      .getByText(/^[\d.]+ m?s$/)
      .waitFor();
}

test('what is published once arrives over every transport, with its delay, in two tabs at a time', async (t) => {
  const { url } = await startServe(t);
  const one = await openTab(t, `${url}/playground`);
  const other = await openTab(t, `${url}/playground`, { beside: one });
  for (const tab of [one, other]) {
    await tab.getByRole('slider', { name: 'Messages' }).fill('0');
    await tab.getByRole('button', { name: 'Publish one' }).click();
  }
  for (const tab of [one, other]) await allArrived(tab);
  assert.equal(
    await one.locator('.timeline .published').count(),
    await other.locator('.timeline .published').count(),
  );
  assert.ok((await overflow(one)) <= 0);
});

test('a shorter poll interval asks more often, and the claim beside it follows', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/playground`);
  const polling = tab.locator('tr[data-transport=polling]');
  await polling.getByText('0 to 2 s, 1 s on average').waitFor();
  await tab.getByRole('slider', { name: 'Poll interval' }).fill('0');
  await polling.getByText('0 to 0.5 s, 0.25 s on average').waitFor();
  await polling.getByText('2 a second whatever happens').waitFor();
  await allArrived(tab);
  await tab.setViewportSize({ width: 360, height: 740 });
  assert.ok((await overflow(tab)) <= 0);
  await keepScreenshots(tab, 'playground');
});

test('every lane goes on when the server was restarted', async (t) => {
  const first = await startServe(t);
  const tab = await openTab(t, `${first.url}/playground`, { expected: SERVER_GONE });
  await allArrived(tab);
  first.process.kill('SIGKILL');
  await first.ended;
  await tab.locator('header .status.waiting').waitFor();
  const again = await startServe(t, ['--port', new URL(first.url).port]);
  onEnd(t, () => tab.close());
  await tab.locator('header .status.connected').waitFor();
  // Figures of before the restart have left the ten seconds that are shown, and those after it come.
  for (const transport of TRANSPORTS)
    await delayOf(tab, transport).getByText('–').or(delayOf(tab, transport).getByText(/s$/)).waitFor();
  const arrivals = () => tab.locator('.timeline .arrived').count();
  const before = await arrivals();
  await tab.waitForFunction(
    (count) => document.querySelectorAll('.timeline .arrived').length > count,
    before,
  );
  assert.equal(again.url, first.url);
});
