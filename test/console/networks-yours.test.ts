import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUpgrade } from '../../src/lab/middlebox/request-head.ts';
import { bufferBody, dropUpgrade } from '../../src/lab/middlebox/treatments.ts';
import { startServe } from '../support/cli.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, SERVER_GONE } from './support/tab.ts';

test('one’s own network: every wire is tried from the page, and all of it can be copied for a ticket', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/networks`);
  await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await tab.getByRole('link', { name: 'Your network' }).press('Enter');
  await tab.getByText('All is well: fanwire would use websocket.').waitFor();
  await tab.getByRole('button', { name: 'Copy as JSON' }).press('Enter');
  await tab.getByText('Copied.').waitFor();
  const report = JSON.parse(await tab.evaluate(() => navigator.clipboard.readText()));
  assert.deepEqual([report.exitCode, report.uses, report.findings], [0, 'websocket', []]);
  assert.equal(report.browser.protocol, 'http/1.1');
  const { wires, arrivals, mayPublish, polls, upload } = report.readings;
  assert.deepEqual([mayPublish, polls.stale, upload.refused], [true, false, undefined]);
  assert.deepEqual([arrivals.first.echo.host, arrivals.ofPage.echo.origin], [new URL(url).host, url]);
  for (const wire of ['websocket', 'sse', 'http-streaming']) {
    assert.equal(wires[wire].state, 'proved', wire);
    assert.equal(typeof wires[wire].messageMs, 'number', wire);
    assert.equal(wires[wire].held.end, 'kept', wire);
  }
});

test('one’s own network: what a proxy does is named, with what to change, and the transport that is left', async (t) => {
  const { url } = await startServe(t);
  const proxy = await startProxy(t, Number(new URL(url).port));
  proxy.use(dropUpgrade, { when: isUpgrade });
  proxy.use(bufferBody, { when: ({ headers }) => /event-stream|ndjson/.test(headers.accept ?? '') });
  const tab = await openTab(t, 'about:blank', { expected: SERVER_GONE });
  await tab.setViewportSize({ width: 390, height: 844 });
  await tab.goto(`${proxy.url}/networks/yours`);
  await tab.getByText('It works, and something is in the way: fanwire would use long-polling.').waitFor();
  assert.deepEqual(await tab.locator('.finding h4').allTextContents(), [
    'upgrade-blocked',
    'stream-buffered',
  ]);
  await tab.getByText(/in nginx proxy_buffering off/).waitFor();
  await tab.locator('[data-wire=sse]').getByText('it opened, and nothing came within 5 s').waitFor();
  assert.ok((await overflow(tab)) <= 0);
  await keepScreenshots(tab, 'networks-yours');
});
