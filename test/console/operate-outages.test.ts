import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServe } from '../support/cli.ts';
import { clientRows, plot } from './support/operate.ts';
import { openTab, SERVER_GONE } from './support/tab.ts';

/** No part of the page says what it can't know, until the tab hears of a hub again. */
async function assertNothingLooksAlive(tab: Page): Promise<void> {
  await tab
    .locator('.nodes li.silent')
    .getByText(/^Silent for \d+ s$/)
    .waitFor();
  await tab.locator('.reading', { hasText: /\d/ }).first().waitFor({ state: 'detached' });
  assert.equal(await tab.getByText('Serving', { exact: true }).count(), 0);
  assert.equal(await tab.locator('.clients td[data-title], .channels td[data-title]').count(), 0);
  assert.ok(await tab.getByRole('button', { name: /^Drain … node/ }).isDisabled());
}

test('a node that hangs falls silent although its connection stands, and one that is killed at once', async (t) => {
  const serve = await startServe(t);
  const tab = await openTab(t, `${serve.url}/operate`, { expected: SERVER_GONE });
  const alive = async () => {
    await tab.getByText('Serving', { exact: true }).waitFor();
    await plot(tab, 'Memory').waitFor();
    // What it came by first may be told of beside the WebSocket for a moment.
    await clientRows(tab, '127.0.0.1').first().waitFor();
  };
  await alive();
  serve.process.kill('SIGSTOP');
  await assertNothingLooksAlive(tab);
  assert.equal(await tab.locator('header .status.connected').count(), 1, 'nothing else could have told');
  serve.process.kill('SIGCONT');
  await alive();

  serve.process.kill('SIGKILL');
  await tab
    .getByRole('alert')
    .getByText(/^Not connected since \d/)
    .waitFor();
  await assertNothingLooksAlive(tab);
});

test('what is published while the hub is down is said to be kept, and comes once it is back', async (t) => {
  const serve = await startServe(t);
  const tab = await openTab(t, `${serve.url}/operate/channels/kept`, { expected: SERVER_GONE });
  await tab.locator('.details').getByText('1', { exact: true }).waitFor();
  serve.process.kill('SIGKILL');
  await tab.locator('header .status:not(.connected)').waitFor();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText('Kept here until the hub has it …').waitFor();
  await startServe(t, ['--port', new URL(serve.url).port]);
  await tab.getByText(/^In the log as /).waitFor();
});
