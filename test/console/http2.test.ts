import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openContext } from '../support/browser.ts';
import { startServe } from '../support/cli.ts';
import { button, card } from './support/inspector.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { overflow } from './support/tab.ts';

/** A tab that trusts any certificate. */
async function openSecureTab(t: TestContext, url: string) {
  const tab = await (await openContext(t, { ignoreHTTPSErrors: true })).newPage();
  await tab.goto(url);
  return tab;
}

test('over HTTP/2, of which nothing is recorded, Inspector and Playground say so, and how to see it', async (t) => {
  const { url } = await startServe(t, ['--tls', 'self-signed']);
  const tab = await openSecureTab(t, `${url}/inspector`);
  await tab
    .getByText(/^This page came over HTTP\/2\. .* nothing of this page’s wire is shown here/)
    .waitFor();
  await tab.getByText('fanwire serve', { exact: true }).waitFor();
  await button(tab, 'Start').click();
  const answered = tab.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().includes('/channels/'),
  );
  await button(tab, 'Publish').click();
  assert.equal((await answered).status(), 201);
  assert.match(await card(tab).innerText(), /^Each step is taken apart here/);
  assert.ok((await overflow(tab)) <= 0);
  await keepScreenshots(tab, 'inspector-http2');

  await tab.goto(`${url}/playground`);
  await tab.getByText(/^This page came over HTTP\/2\. .* no bytes of the wire are told below/).waitFor();
  const websocket = tab.locator('.lanes [data-transport=websocket]');
  await tab.locator('.lanes [data-transport=websocket][data-state=ready]').waitFor();
  assert.equal(await websocket.locator('[data-name="Bytes to begin"] strong').innerText(), '–');
  await keepScreenshots(tab, 'playground-http2');
});

test('over HTTP/1.1 nothing of the kind is said', async (t) => {
  const { url } = await startServe(t);
  const tab = await openSecureTab(t, `${url}/inspector`);
  await button(tab, 'Start').click();
  await tab.getByRole('option').first().waitFor();
  assert.equal(await tab.getByText('This page came over HTTP/2').count(), 0);
});
