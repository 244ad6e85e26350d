import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { connect } from '../../src/client/index.ts';
import { startServe } from '../support/cli.ts';
import { send } from '../support/http.ts';
import { openWebSocket } from '../support/readers/websocket.ts';
import { channelRows, clientRows, follow, publish, until } from './support/operate.ts';
import { openTab, overflow } from './support/tab.ts';

const COUNT = 120;
const names = Array.from({ length: COUNT }, (_, index) => `many.${String(index).padStart(3, '0')}`);

const namesIn = (tab: Page) => tab.locator('.channels td[data-title=Channel]').allInnerTexts();

test('of more rows than a page has, all are searched, sorted and reached, on the hub', async (t) => {
  const { url } = await startServe(t);
  const readers = await Promise.all(
    names.map((channel) => openWebSocket(url, { channels: [channel], after: 'now' })),
  );
  t.after(() => {
    for (const reader of readers) reader.close();
  });
  await publish(url, names[7]!, 'one message more than others');
  const tab = await openTab(t, `${url}/operate`);

  await tab
    .locator('.clients')
    .getByText(`${COUNT + 1} connections`, { exact: true })
    .waitFor();
  assert.equal(await tab.locator('.clients tbody tr').count(), 25);
  // The oldest client is on no first page.
  await tab.getByLabel('Search all clients').fill('MANY.000');
  await tab.getByText(`1–1 of 1`, { exact: true }).waitFor();
  await clientRows(tab, 'many.000').waitFor();
  await tab.getByLabel('Search all clients').fill('nobody');
  await tab.getByText(`None of ${COUNT + 1} fits.`).waitFor();

  await tab.getByLabel('Search all channels').fill('many.');
  await tab.getByText(`1–25 of ${COUNT}`, { exact: true }).waitFor();
  await tab.locator('.channels').getByRole('button', { name: 'Channel', exact: true }).click();
  await until(async () => (await namesIn(tab))[0] === names[0]);
  assert.deepEqual(await namesIn(tab), names.slice(0, 25));
  for (const from of [25, 50, 75, 100]) {
    await tab.getByRole('button', { name: 'Next page of channels' }).click();
    await until(async () => (await namesIn(tab))[0] === names[from]);
    assert.deepEqual(await namesIn(tab), names.slice(from, from + 25));
  }
  assert.ok(await tab.getByRole('button', { name: 'Next page of channels' }).isDisabled());
  await tab.getByRole('button', { name: 'Previous page of channels' }).click();
  await tab.getByText(`76–100 of ${COUNT}`, { exact: true }).waitFor();
  await tab.locator('.channels').getByRole('button', { name: 'Retained' }).click();
  await until(async () => (await namesIn(tab))[0] === names[7]);
});

test('a channel has a page with its tail, its members, a replay and a form; a client one with what it reads', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/operate`);
  const { client } = await follow(t, url, 'news');
  await client.subscribe('news', { presence: { name: 'Ada' } }).ready;
  for (const each of ['first', 'second']) await publish(url, 'news', each);
  await channelRows(tab, 'news').getByRole('link', { name: 'news', exact: true }).click();

  const feed = tab.locator('.feed li code');
  await feed.nth(1).waitFor();
  assert.deepEqual(await feed.allInnerTexts(), ['second', 'first']);
  await tab.locator('.members').getByText('Ada').waitFor();
  await tab.getByRole('radio', { name: 'Text' }).check();
  await tab.getByRole('textbox', { name: 'Message' }).fill('third');
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await feed.nth(2).waitFor();
  await tab.locator('.details').getByText('3 messages').waitFor();

  const position = (await tab.locator('.feed time').nth(2).getAttribute('title'))!;
  await tab.getByLabel('Replay from a position').fill(position);
  await tab.getByRole('button', { name: 'Replay' }).click();
  await until(async () => (await feed.allInnerTexts()).join() === 'second,third');

  await tab.locator('.members a').click();
  for (const text of ['WebSocket', 'has everything', 'on this socket', '127.0.0.1']) {
    await tab.locator('.details').getByText(text).waitFor();
  }
  await tab.locator('.client .names').getByText('news', { exact: true }).waitFor();
  client.close();
  await tab.getByText(/^Not connected now/).waitFor();
});

test('who polls is seen, with how often it asks, though no connection stays open', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/operate`);
  const polling = connect(url, { transports: ['polling'], pollIntervalMs: 300 });
  t.after(() => polling.close());
  polling.subscribe('polled.by-sdk', () => {});
  await clientRows(tab, 'polled.by-sdk')
    .getByText(/^every 0\.[3-9]/)
    .waitFor();
  const plain = () => send(`${url}/channels/polled.plainly`);
  await until(async () => {
    await plain();
    return (
      (await clientRows(tab, 'polled.plainly')
        .getByText(/^every/)
        .count()) === 1
    );
  });
  await clientRows(tab, 'polled.plainly').getByText('Without the SDK').waitFor();
});

test('a channel’s name of 200 characters breaks no layout', async (t) => {
  const { url } = await startServe(t);
  const name = 'x'.repeat(200);
  await publish(url, name, 'something');
  const tab = await openTab(t, 'about:blank');
  for (const width of [390, 1440]) {
    await tab.setViewportSize({ width, height: 800 });
    await tab.goto(`${url}/operate`);
    await channelRows(tab, name).waitFor();
    assert.ok((await overflow(tab)) <= 0, `the list at ${width}`);
    await tab.goto(`${url}/operate/channels/${name}`);
    await tab.getByText('something').waitFor();
    assert.ok((await overflow(tab)) <= 0, `the channel's page at ${width}`);
  }
});
