import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { isUpgrade } from '../../src/lab/middlebox/request-head.ts';
import { startServe } from '../support/cli.ts';
import { onEnd } from '../support/on-end.ts';
import { answer } from '../support/proxy/faults.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { until } from './support/operate.ts';
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
    for (const name of ['Around a message', 'Content']) {
      await figure(tab, transport, name)
        .getByText(/^[\d,]+ B$/)
        .waitFor();
    }
  }
}

/** By hand, and nothing by itself. */
async function publishOne(tab: Page): Promise<void> {
  await tab.getByRole('slider', { name: 'Messages' }).fill('0');
  await tab.getByRole('button', { name: 'Publish one' }).click();
}

test('what is published once arrives over every transport, with its delay, in two tabs at a time', async (t) => {
  const { url } = await startServe(t);
  const one = await openTab(t, `${url}/playground`);
  const other = await openTab(t, `${url}/playground`);
  for (const tab of [one, other]) await publishOne(tab);
  for (const tab of [one, other]) await allArrived(tab);
  assert.ok((await overflow(one)) <= 0);
});

test('each heading stands over its column, and what a message costs is told apart from what is paid once', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/playground`);
  await tab.setViewportSize({ width: 1440, height: 900 });
  await publishOne(tab);
  await allArrived(tab);
  const left = (row: string) =>
    tab
      .locator(`.lanes ${row}`)
      .first()
      .locator('th, td')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
  assert.deepEqual(await left('thead tr'), await left('tbody tr'));

  const bytes = async (transport: string, name: string) =>
    Number((await figure(tab, transport, name).innerText()).replace(/\D/g, ''));
  // The field's figures: a frame's header of 2 to 14 bytes, heads of some 800 a request. These messages are longer than
  // 125 bytes; a position may grow by a digit meanwhile.
  const framing = async () => {
    // The hub tells of a message a moment before its bytes.
    await figure(tab, 'websocket', 'Around a message').getByText(/\d/).waitFor();
    return bytes('websocket', 'Around a message');
  };
  // On a slow machine the end of what comes first may be counted as what is around a message.
  for (let tries = 0; tries < 3 && (await framing()) > 6; tries++) {
    await tab.reload();
    await publishOne(tab);
    await allArrived(tab);
  }
  assert.ok(
    (await framing()) >= 4 && (await framing()) <= 6,
    `a WebSocket's framing: ${await framing()} bytes`,
  );
  for (const [transport, least] of [
    ['sse', 8],
    ['http-streaming', 4],
    ['long-polling', 100],
    ['polling', 100],
  ] as const) {
    // On a slow machine the first answers bring many messages, and each has little of a head.
    let around = await bytes(transport, 'Around a message');
    while (around < least) {
      await new Promise(setImmediate);
      around = await bytes(transport, 'Around a message');
    }
    assert.ok(around < 4000, `${transport}: ${around} bytes around a message`);
  }
  assert.ok((await bytes('sse', 'Bytes to begin')) > 2000, 'the padding is paid once');
  await tab
    .locator('tr[data-transport=polling] .more')
    .getByText(/^[1-9]\d* brought nothing$/)
    .waitFor();
});

test('behind a proxy that refuses upgrades the lane says so, and all others are measured', async (t) => {
  const { url } = await startServe(t);
  const proxy = await startProxy(t, Number(new URL(url).port));
  proxy.use(answer(403), { when: isUpgrade });
  const through = proxy.url;
  const tab = await openTab(t, `${through}/playground`, { expected: SERVER_GONE });
  await tab
    .locator('tr[data-transport=websocket][data-state=blocked]')
    .getByText(/^Blocked here, because of: \S+/)
    .waitFor();
  for (const transport of TRANSPORTS.slice(1)) {
    await tab.locator(`tr[data-transport=${transport}][data-state=ready]`).waitFor();
  }
  await tab.getByRole('button', { name: 'Publish one' }).click();
  for (const transport of TRANSPORTS.slice(1)) {
    await tab.locator(`tr[data-transport=${transport}]:not([data-received="0"])`).waitFor();
  }
  await tab.goto(`${through}/choose`);
  await tab.locator('.measured td').filter({ hasText: 'blocked here' }).first().waitFor();
  await until(async () => {
    const cells = await tab.locator('.measured tr').first().locator('td').allInnerTexts();
    return cells.filter((text) => /^[\d.]+ m?s$/.test(text)).length === 3;
  });
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
