import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebSocketRoute } from 'playwright-core';
import { startServe } from '../support/cli.ts';
import { makeDirectory } from '../support/directory.ts';
import { post } from '../support/http.ts';
import { button, CHANNEL, card, choose, openInspector, serveWith, step } from './support/inspector.ts';
import { openTab, SERVER_GONE } from './support/tab.ts';

test('restarted under way, the hub is asked to record again, and reading begins anew', async (t) => {
  const first = await startServe(t);
  const tab = await openInspector(t, first.url, { expected: SERVER_GONE });
  await step(tab, '200 OK').waitFor();
  first.process.kill('SIGKILL');
  await first.ended;
  await tab.locator('header .status.waiting').waitFor();
  const again = await startServe(t, ['--port', new URL(first.url).port]);
  await tab.locator('header .status.connected').waitFor();
  await button(tab, 'Clear').click();
  await post(again.url, CHANNEL, { after: 'restart' });
  await choose(tab, 'Polling');
  await step(tab, 'GET Polling').waitFor();
  await choose(tab, 'Server-sent events');
  await step(tab, 'GET Server-sent events').waitFor();
});

test('the page’s own transport can be switched under way: recordings still arrive, each once', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/healthz`, { expected: SERVER_GONE });
  let route: WebSocketRoute | undefined;
  await tab.routeWebSocket(/\/connect/, (opened) => {
    // The first one is let through; later ones are refused.
    if (route) void opened.close();
    else opened.connectToServer();
    route ??= opened;
  });
  await tab.goto(`${url}/inspector`);
  await button(tab, 'Start').click();
  await step(tab, '200 OK').waitFor();
  await route!.close();
  await tab.locator('header').getByText('Connected by Server-sent events').waitFor();
  await button(tab, 'Clear').click();
  await button(tab, 'Publish').click();
  await step(tab, 'POST').waitFor();
  await step(tab, '201 Created').waitFor();
  assert.equal(await tab.getByRole('option').filter({ hasText: 'POST' }).count(), 1);
});

test('with several processes, whichever serves a request records it', async (t) => {
  const { url } = await startServe(t, ['--workers', '2', '--log', `lmdb:${await makeDirectory(t)}`]);
  const tab = await openInspector(t, url);
  for (const transport of ['Long polling', 'HTTP streaming', 'WebSocket', 'Polling', 'Server-sent events']) {
    await choose(tab, transport);
    await step(tab, `GET ${transport}`).waitFor();
    await button(tab, 'Clear').click();
    await button(tab, 'Publish').click();
    await step(tab, /POST|Text frame/).waitFor();
  }
});

test('where an operator’s token is set, the page asks for it, and records nothing of it', async (t) => {
  const operatorToken = 'a-token-of-the-operator';
  const { url } = await serveWith(t, { operatorToken });
  const tab = await openTab(t, `${url}/inspector`);
  await tab.getByRole('textbox', { name: /console/i }).fill(operatorToken);
  await button(tab, 'Use it').click();
  await button(tab, 'Start').click();
  await choose(tab, 'Polling');
  await step(tab, 'GET Polling').click();
  await card(tab).getByText(/^\*+$/).waitFor();
  assert.ok(!(await tab.locator('main').innerText()).includes(operatorToken));
});
