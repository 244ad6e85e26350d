import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli, startServe } from '../support/cli.ts';
import { openGraphQLEvents } from '../support/readers/graphql.ts';
import { openWebSocket } from '../support/readers/websocket.ts';
import { channelRows, clientRows, confirm, follow, plot, publish, until } from './support/operate.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, shifted, watchShifts } from './support/tab.ts';

const LARGE = 'x'.repeat(200_000);

test('two operators see the same figures, live, and what changes its transport', async (t) => {
  const { url } = await startServe(t);
  const one = await openTab(t, `${url}/operate`);
  const other = await openTab(t, `${url}/operate`);
  const watched = await openTab(t, `${url}/try`);
  for (const tab of [one, other]) {
    for (const title of ['Connections', 'Messages published', 'Bytes sent', 'Memory', 'Event-loop delay']) {
      await plot(tab, title).waitFor();
    }
    await tab.getByText('3 connections', { exact: true }).last().waitFor();
    await clientRows(tab, 'tabs').getByText('WebSocket').waitFor();
  }
  await watched.getByRole('radio', { name: 'HTTP streaming', exact: true }).check();
  for (const tab of [one, other]) {
    await clientRows(tab, 'tabs').getByText('HTTP streaming').waitFor();
    await tab.locator('.legend li').filter({ hasText: 'HTTP streaming' }).getByText('1').waitFor();
    await channelRows(tab, 'tabs:presence').waitFor();
  }
});

test('a connection of GraphQL is called so, in the list and in the plot', async (t) => {
  const { url } = await startServe(t, ['--graphql']);
  const reader = await openGraphQLEvents(url, { channels: ['scores'], after: 'now' });
  t.after(() => reader.close());
  const tab = await openTab(t, `${url}/operate`);
  await clientRows(tab, 'scores').getByText('GraphQL over SSE').waitFor();
  await tab.locator('.legend li').filter({ hasText: 'GraphQL over SSE' }).getByText('1').waitFor();
});

test('a subscriber that reads no more is seen lagging, first of all and ever further behind, until it is cut off', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/operate`);
  const { got } = await follow(t, url, 'feed');
  const slow = await openWebSocket(url, { channels: ['feed'], after: 'now' });
  t.after(() => slow.close());
  slow.pause();
  const lagging = tab.locator('.clients tbody tr.lagging');
  await until(async () => {
    await publish(url, 'feed', LARGE);
    return (await lagging.count()) > 0;
  });
  assert.equal(await tab.locator('.clients tbody tr').first().getAttribute('class'), 'lagging');
  const behind = async () => Number((await lagging.locator('.late').innerText()).replace(/\D/g, ''));
  const before = await behind();
  await until(async () => {
    await publish(url, 'feed', LARGE);
    return (await behind()) > before + 5;
  });
  await tab.getByRole('img', { name: /^Lagging subscribers over the last two minutes: .* to 1$/ }).waitFor();
  await keepScreenshots(tab, 'operate');

  const others = (await tab.locator('.clients tbody tr').count()) - 1;
  await lagging.getByRole('button', { name: /^Disconnect/ }).click();
  await confirm(tab, 'Disconnect');
  await lagging.waitFor({ state: 'detached' });
  assert.equal(await tab.locator('.clients tbody tr').count(), others);
  const count = got.length;
  await publish(url, 'feed', 'after');
  await until(() => got.length > count);
});

test('where there is an operator’s token it is asked for, or taken from the address', async (t) => {
  const token = 'an-operators-token-of-ours';
  const { url } = await startServe(t, [], { FANWIRE_OPERATOR_TOKEN: token });
  const tab = await openTab(t, `${url}/operate`);
  await tab.getByText('None has been heard of yet.').waitFor();
  await tab.getByRole('textbox', { name: /token/ }).fill(token);
  await tab.getByRole('button', { name: 'Use it' }).click();
  await plot(tab, 'Memory').waitFor();
  assert.equal(await tab.getByRole('button', { name: 'Use it' }).count(), 0);

  const other = await openTab(t, `${url}/operate#token=${token}`);
  await plot(other, 'Memory').waitFor();
  assert.ok(!other.url().includes(token));
});

test('the token that the form tells one to make is taken on every page', async (t) => {
  const secret = { FANWIRE_SECRET: 'a-secret-of-at-least-32-characters-x' };
  const { url } = await startServe(t, [], secret);
  const tab = await openTab(t, `${url}/operate`);
  const command = await tab.locator('.token code').first().innerText();
  const args = command.split(' ').map((word) => word.replaceAll("'", ''));
  assert.equal(args.shift(), 'fanwire');
  const { stdout } = await runCli(t, args, secret);
  await tab.getByRole('textbox', { name: /token/ }).fill(stdout);
  await tab.getByRole('button', { name: 'Use it' }).click();
  await plot(tab, 'Memory').waitFor();
  for (const page of ['Inspector', 'Playground']) {
    await tab.getByRole('link', { name: page }).click();
    await tab.getByRole('heading', { name: page, exact: true }).waitFor();
    await tab.locator('header .status.connected').waitFor();
  }
  await tab.getByRole('button', { name: 'Publish one' }).click();
  await tab.locator('tr[data-transport=sse]:not([data-received="0"])').waitFor();
  assert.equal(await tab.getByRole('button', { name: 'Use it' }).count(), 0);
});

test('the computer’s load, memory and event-loop delay are plotted, live', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/operate`);
  for (const title of ['Processor load', 'Memory in use', 'Event-loop delay of the hub']) {
    await tab
      .getByRole('img', { name: new RegExp(`${title} over the last two minutes: [\\d.]+ `) })
      .waitFor();
  }
  const line = tab.locator('.plot .line').first();
  const before = await line.getAttribute('d');
  await tab.waitForFunction(
    (drawn) => document.querySelector('.plot .line')?.getAttribute('d') !== drawn,
    before,
  );
});

test('tables are sorted by keyboard, nothing jumps while it loads, and a narrow phone needs no sideways scrolling', async (t) => {
  const { url } = await startServe(t);
  for (const channel of ['b', 'a', 'c']) await publish(url, channel, 1);
  const tab = await openTab(t, 'about:blank');
  await tab.setViewportSize({ width: 360, height: 740 });
  await watchShifts(tab);
  await tab.goto(`${url}/operate`);
  await plot(tab, 'Memory').waitFor();
  assert.ok((await shifted(tab)) < 0.01, `layout shift of ${await shifted(tab)}`);
  assert.ok((await overflow(tab)) <= 0, `${await overflow(tab)} pixels too wide`);

  const names = tab.locator('.channels tbody td[data-title=Channel]');
  const plain = async () => (await names.allInnerTexts()).filter((name) => /^[abc]$/.test(name)).join('');
  await until(async () => (await plain()).length === 3);
  const header = tab.locator('.channels').getByRole('button', { name: 'Channel', exact: true });
  await header.focus();
  await tab.keyboard.press('Enter');
  await until(async () => (await plain()) === 'abc');
  await tab.keyboard.press('Enter');
  await until(async () => (await plain()) === 'cba');
  assert.equal(await tab.locator('.channels th').first().getAttribute('aria-sort'), 'descending');
});
