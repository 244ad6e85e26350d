import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { send } from '../support/http.ts';
import { loadedBytes, openTab } from './support/tab.ts';

const ROOMS = ['Playground', 'Inspector', 'Scenarios', 'Choose', 'Operate', 'Overview'];
const MOST_BYTES = 150_000;

test('every room is one link away, has its name as title, and loads in under 150 kB', async (t) => {
  const { url } = await startServe(t);
  const first = await openTab(t, `${url}/choose`);
  for (const room of ROOMS) {
    // In a context of its own, and so with an empty cache.
    const tab = await openTab(t, `${url}/healthz`, { beside: first });
    const link = first.getByRole('link', { name: room, exact: true });
    await tab.goto(url + (await link.getAttribute('href')));
    await tab.locator('nav [aria-current=page]').getByText(room).waitFor();
    await tab.locator('header .status.connected').waitFor();
    assert.equal(await tab.title(), `${room} – fanwire`);
    const bytes = await loadedBytes(tab);
    assert.ok(bytes > 10_000 && bytes < MOST_BYTES, `${room} loads ${bytes} bytes`);
  }
});

test('what is no room and no file is told so', async (t) => {
  const { url } = await startServe(t);
  for (const path of [
    '/nothing',
    '/operate/nothing',
    '/index.html',
    '/chunks/',
    '/examples/../page/main.js',
  ]) {
    assert.equal((await send(url + path)).status, 404, path);
  }
  assert.equal((await send(`${url}/operate`, { method: 'POST' })).status, 405);
});
