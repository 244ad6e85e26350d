import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../support/browser.ts';
import { startHub } from '../support/hub.ts';

test('a page with nothing but that script connects, publishes and reads', { timeout: 60_000 }, async (t) => {
  const { url } = await startHub(t);
  const page = await openPage(t, url);
  await page.addScriptTag({ url: `${url}/fanwire.js` });
  const read = await page.evaluate(async (at) => {
    const { fanwire } = window as never as { fanwire: typeof import('../../src/client/index.ts') };
    const client = fanwire.connect(at);
    const message = new Promise((resolve) => client.subscribe('scores', ({ data }) => resolve(data)));
    await client.publish('scores', { home: 1 });
    return message;
  }, url);
  assert.deepEqual(read, { home: 1 });
});
