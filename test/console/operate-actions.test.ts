import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { makeFastDirectory } from '../support/directory.ts';
import { send } from '../support/http.ts';
import { openWebSocket } from '../support/readers/websocket.ts';
import { channelRows, clientRows, confirm, follow, plot, publish, until } from './support/operate.ts';
import { openTab, SERVER_GONE } from './support/tab.ts';

test('the client that is disconnected, and no other, comes back and misses nothing', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/operate`);
  const cut = await follow(t, url, 'cut');
  const kept = await follow(t, url, 'kept');
  const ends = new Set<string>();
  for (const [name, { client }] of Object.entries({ cut, kept })) {
    client.onStatus(({ state }) => state !== 'connected' && ends.add(name));
  }
  await clientRows(tab, 'kept').waitFor();
  await tab.getByLabel('Search all clients').fill('cut');
  await clientRows(tab, 'kept').waitFor({ state: 'detached' });
  await tab.getByRole('button', { name: 'Disconnect these 1' }).click();
  await tab
    .getByRole('dialog')
    .getByText(/may come back, and then resume/)
    .waitFor();
  await tab.keyboard.press('Escape');
  await tab.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(ends.size, 0, 'Escape is no');

  await tab.getByRole('button', { name: 'Disconnect these 1' }).click();
  await confirm(tab, 'Disconnect');
  await until(() => ends.size > 0);
  for (const data of [1, 2, 3]) await publish(url, 'cut', data);
  await until(() => cut.got.length === 3);
  assert.deepEqual(cut.got, [1, 2, 3]);
  assert.deepEqual([...ends], ['cut']);
});

test('a node that is drained is not healthy, its clients move on, and resuming makes it healthy again', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/operate`);
  const { client, got } = await follow(t, url, 'feed');
  const since = () => (client.status.state === 'connected' ? client.status.since : 0);
  const before = since();
  await tab.getByText('Serving').waitFor();
  await tab.getByRole('button', { name: /^Drain … node/ }).click();
  await tab.getByRole('radio', { name: '1 s' }).check();
  await confirm(tab, 'Drain');
  await tab.getByText('Drained').waitFor();
  assert.equal((await send(`${url}/healthz`)).status, 503);
  await until(() => since() > before);
  await publish(url, 'feed', 'to the new connection');
  await until(() => got.length === 1);

  await tab.getByRole('button', { name: /^Resume node/ }).click();
  await tab.getByText('Serving').waitFor();
  assert.equal((await send(`${url}/healthz`)).status, 200);
});

test('a hub that restarts is a new node, and the page goes on by itself', async (t) => {
  const serve = await startServe(t);
  const { port } = new URL(serve.url);
  const tab = await openTab(t, `${serve.url}/operate`, { expected: SERVER_GONE });
  const node = tab.locator('.nodes li code');
  await plot(tab, 'Memory').waitFor();
  const first = await node.innerText();
  serve.process.kill('SIGKILL');
  await serve.ended;
  await tab.locator('header .status:not(.connected)').waitFor();
  assert.equal(await node.innerText(), first, 'what was known stays');

  await startServe(t, ['--port', port]);
  await tab.locator('header .status.connected').waitFor();
  await node.filter({ hasNotText: first }).first().waitFor();
  await tab
    .locator('.nodes .silent')
    .filter({ hasText: first })
    .getByText(/^Silent for \d+ s$/)
    .waitFor();
  // The list has no client of the old node. A client that tries two transports at once has two rows meanwhile.
  const rows = tab.locator('.clients tbody tr');
  await until(async () => (await rows.count()) === 1 && (await clientRows(tab, '127.0.0.1').count()) === 1);
});

test('of several workers each has its figures, together and alone, and does what it is asked to', async (t) => {
  const log = `lmdb:${await makeFastDirectory(t)}`;
  const { url } = await startServe(t, ['--workers', '2', '--log', log]);
  const tab = await openTab(t, `${url}/operate`);
  const nodes = tab.locator('.nodes li code');
  await nodes.nth(1).waitFor();
  const names = await nodes.allInnerTexts();
  assert.equal(new Set(names).size, 2);
  const readers = await Promise.all(
    // Connections are dealt out in turn.
    Array.from({ length: 4 }, () => openWebSocket(url, { channels: ['feed'], after: 'now' })),
  );
  t.after(() => {
    for (const reader of readers) reader.close();
  });
  const rows = clientRows(tab, 'feed');
  await until(async () => (await rows.count()) === 4);
  await channelRows(tab, 'feed').getByText('4', { exact: true }).waitFor();

  const counts: number[] = [];
  for (const name of names) {
    await tab.getByRole('radio', { name }).check();
    await rows.first().waitFor();
    await until(async () => (await rows.count()) < 4);
    counts.push(await rows.count());
  }
  assert.equal(counts[0]! + counts[1]!, 4, `${counts}`);

  await tab.getByRole('radio', { name: 'All nodes' }).check();
  await until(async () => (await rows.count()) === 4);
  await tab.getByLabel('Search all clients').fill('feed');
  await tab.getByRole('button', { name: 'Disconnect these 4' }).click();
  await confirm(tab, 'Disconnect');
  await tab.getByText(/^None of \d+ fits\.$/).waitFor();
});
