import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { send } from '../support/http.ts';
import { loadedBytes, openTab, SERVER_GONE } from './support/tab.ts';

const PAGES = [
  'Learn',
  'Networks',
  'Playground',
  'Inspector',
  'Scenarios',
  'Choose',
  'Try',
  'Operate',
  'Overview',
];
const MAX_BYTES = 150_000;

test('every page is one link away, has its name as title, and loads in under 150 kB', async (t) => {
  const { url } = await startServe(t);
  const first = await openTab(t, `${url}/choose`);
  for (const page of PAGES) {
    // In a context of its own, and so with an empty cache.
    const tab = await openTab(t, `${url}/healthz`);
    const link = first.locator('nav').getByRole('link', { name: page, exact: true });
    await tab.goto(url + (await link.getAttribute('href')));
    await tab.locator('nav [aria-current=page]').getByText(page).waitFor();
    await tab.locator('header .status.connected').waitFor();
    assert.equal(await tab.title(), `${page} – fanwire`);
    const bytes = await loadedBytes(tab);
    assert.ok(bytes > 10_000 && bytes < MAX_BYTES, `${page} loads ${bytes} bytes`);
  }
});

test('what is no page and no file is told so', async (t) => {
  const { url } = await startServe(t);
  for (const path of [
    '/nothing',
    '/operate/nothing',
    '/index.html',
    '/chunks/',
    '/examples/../web/main.js',
  ]) {
    assert.equal((await send(url + path)).status, 404, path);
  }
  assert.equal((await send(`${url}/operate`, { method: 'POST' })).status, 405);
});

test('on a phone the rows of links show the current one, and the page stays where it is read when its hub is gone', async (t) => {
  const serve = await startServe(t);
  const tab = await openTab(t, `${serve.url}/healthz`, { expected: SERVER_GONE });
  await tab.setViewportSize({ width: 390, height: 844 });
  await tab.goto(`${serve.url}/learn/beyond`);
  await tab.locator('header .status.connected').waitFor();
  await tab.locator('.claim').first().waitFor();
  assert.deepEqual(
    await tab.locator('nav [aria-current]').evaluateAll((links) =>
      links.map((link) => {
        const { left, right } = link.getBoundingClientRect();
        return left >= 0 && right <= innerWidth;
      }),
    ),
    [true, true],
  );
  await tab.evaluate(() => scrollTo(0, 700));
  serve.process.kill('SIGKILL');
  await tab.locator('.lost').waitFor();
  await tab.evaluate(() => new Promise(requestAnimationFrame));
  assert.equal(await tab.evaluate(() => scrollY), 700);
});
