import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServe } from '../support/cli.ts';
import { openTab } from './support/tab.ts';

const status = (tab: Page) => tab.locator('header .status');
const feed = (tab: Page) => tab.locator('.feed code');

test('each tab shows every tab’s transport, and a publish in one is seen in the other', async (t) => {
  const { url } = await startServe(t);
  const one = await openTab(t, `${url}/try`);
  const other = await openTab(t, `${url}/try`);
  for (const tab of [one, other]) {
    await status(tab).getByText('Connected by WebSocket').waitFor();
    await tab.locator('.tabs li').nth(1).getByText('WebSocket').first().waitFor();
  }

  await one.getByLabel('Message').fill('{ "from": "one" }');
  await one.getByRole('button', { name: 'Publish', exact: true }).click();
  await one.getByText(/In the log as /).waitFor();
  await feed(other).getByText('{"from":"one"}').waitFor();
  await feed(one).getByText('{"from":"one"}').waitFor();

  await other.getByRole('radio', { name: 'Text' }).check();
  await other.getByLabel('Message').fill('plain words');
  await other.keyboard.press('Control+Enter');
  await feed(one).getByText('plain words').waitFor();
});

test('a tab can be made to use any transport, the others are told, and it goes on receiving', async (t) => {
  const { url } = await startServe(t);
  const one = await openTab(t, `${url}/try`);
  const other = await openTab(t, `${url}/try`);
  for (const name of ['Server-sent events', 'HTTP streaming', 'Long polling', 'Polling', 'WebSocket']) {
    await one.getByRole('radio', { name, exact: true }).check();
    await status(one).getByText(`Connected by ${name}`).waitFor();
    await other.locator('.tabs li').nth(1).getByText(name, { exact: true }).waitFor();
    await other.getByLabel('Message').fill(JSON.stringify({ over: name }));
    await other.getByRole('button', { name: 'Publish', exact: true }).click();
    await feed(one)
      .getByText(JSON.stringify({ over: name }))
      .waitFor();
  }
  assert.equal(await other.locator('.tabs li').count(), 2);
});

test('a tab that is closed leaves the list', async (t) => {
  const { url } = await startServe(t);
  const one = await openTab(t, `${url}/try`);
  const other = await openTab(t, `${url}/try`);
  await one.locator('.tabs li').nth(1).waitFor();
  await other.close({ runBeforeUnload: true });
  await one.locator('.tabs li').nth(1).waitFor({ state: 'detached' });
});

test('what is not JSON, or no channel, is said beside its field', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/try`);
  await tab.getByLabel('Message').fill('{ oops');
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText(/JSON/).last().waitFor();
  assert.equal(await tab.getByLabel('Message').getAttribute('aria-invalid'), 'true');
  await tab.getByRole('textbox', { name: 'Channel' }).fill('a b');
  await tab.getByText(/a channel name is 1 to 200 characters/).waitFor();
});
