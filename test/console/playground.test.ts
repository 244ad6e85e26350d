import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServe } from '../support/cli.ts';
import { onEnd } from '../support/on-end.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, SERVER_GONE } from './support/tab.ts';

const TRANSPORTS = ['websocket', 'sse', 'http-streaming', 'long-polling', 'polling'];

const figure = (tab: Page, transport: string, name: string) =>
  tab.locator(`tr[data-transport=${transport}] td[data-name="${name}"] strong`);

/** Resolves once every lane has a delay to tell, and what it cost in bytes. */
async function allArrived(tab: Page): Promise<void> {
  for (const transport of TRANSPORTS) {
    await figure(tab, transport, 'Delay, average')
      .getByText(/^[\d.]+ m?s$/)
      .waitFor();
    await figure(tab, transport, 'Bytes a message')
      .getByText(/^[\d,]+$/)
      .waitFor();
  }
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

test('every lane begins anew when the server was restarted', async (t) => {
  const first = await startServe(t);
  const tab = await openTab(t, `${first.url}/playground`, { expected: SERVER_GONE });
  const lanesThatReceived = (count: number) => tab.locator(`tr[data-received="${count}"]`);
  const publish = tab.getByRole('button', { name: 'Publish one' });
  await tab.getByRole('slider', { name: 'Messages' }).fill('0');
  for (const lane of [0, 1, 2, 3, 4]) await lanesThatReceived(0).nth(lane).waitFor();
  await publish.click();
  await publish.click();
  await allArrived(tab);

  first.process.kill('SIGKILL');
  await first.ended;
  await tab.locator('header .status.waiting').waitFor();
  await startServe(t, ['--port', new URL(first.url).port]);
  onEnd(t, () => tab.close());
  for (const lane of [0, 1, 2, 3, 4]) await lanesThatReceived(0).nth(lane).waitFor();
  await publish.click();
  for (const lane of [0, 1, 2, 3, 4]) await lanesThatReceived(1).nth(lane).waitFor();
});
