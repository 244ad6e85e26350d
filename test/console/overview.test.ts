import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUpgrade } from '../../src/lab/middlebox/request-head.ts';
import { runCli, startServe } from '../support/cli.ts';
import { answer } from '../support/proxy/faults.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { loadedBytes, openTab, overflow, SERVER_GONE, shifted, watchShifts } from './support/tab.ts';

const MAX_BYTES = 60_000;

test('one press, and the message is seen to arrive on every wire; nothing else moves', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  let bytes: number | undefined;
  for (const width of [360, 1440]) {
    await tab.setViewportSize({ width, height: 900 });
    await tab.goto(url);
    // The second time the browser has it all.
    bytes ??= await loadedBytes(tab);
    await tab.getByRole('button', { name: 'Publish', exact: true }).click();
    for (const transport of ['websocket', 'sse', 'http-streaming', 'long-polling', 'polling']) {
      await tab
        .locator(`.wire[data-transport=${transport}][data-state=arrived] .end`)
        .getByText(/^[\d.]+ m?s$/)
        .waitFor();
    }
    await tab.getByText(/^Arrived: WebSocket after [\d.]+ m?s, .*, Polling after /).waitFor();
    assert.ok((await overflow(tab)) <= 0, `${await overflow(tab)} pixels too wide at ${width}`);
    assert.ok((await shifted(tab)) < 0.01, `layout shift of ${await shifted(tab)} at ${width}`);
  }
  assert.ok(bytes! > 10_000 && bytes! < MAX_BYTES, `${bytes} bytes`);
  await keepScreenshots(tab, 'overview');
});

test('a wire that the network blocks says so and why, and the others go on', async (t) => {
  const { url } = await startServe(t);
  const proxy = await startProxy(t, Number(new URL(url).port));
  proxy.use(answer(403), { when: isUpgrade });
  const tab = await openTab(t, proxy.url, { expected: SERVER_GONE });
  await tab
    .locator('.wire[data-transport=websocket][data-state=blocked]')
    .getByText(/^blocked here: \S/)
    .waitFor();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.getByText(/^Arrived: Server-sent events after /).waitFor();
});

test('a hub that asks for tokens asks on the page', async (t) => {
  const FANWIRE_SECRET = 's'.repeat(32);
  const { url } = await startServe(t, [], { FANWIRE_SECRET });
  const tab = await openTab(t, url, { expected: /401/ });
  const { stdout } = await runCli(t, ['token', '--read', '*,console:*', '--publish', 'console:*'], {
    FANWIRE_SECRET,
  });
  await tab.getByRole('textbox', { name: /token/ }).fill(stdout.trim());
  await tab.getByRole('button', { name: 'Use it' }).click();
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.locator('.wire[data-transport=sse][data-state=arrived]').waitFor();
});
