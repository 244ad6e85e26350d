import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser.ts';
import { startHub } from '../support/hub.ts';
import { startProxy } from '../support/proxy/proxy.ts';

declare global {
  var fanwire: typeof import('../../src/client/index.ts');
  var client: import('../../src/client/index.ts').Client;
  var messages: unknown[];
}

const TRANSPORTS = ['websocket', 'sse', 'http-streaming', 'long-polling', 'polling'] as const;

/** Gives a page the SDK as it is shipped to browsers. */
async function loadSdk(page: Page): Promise<void> {
  const source = JSON.stringify(readFileSync('dist/client/browser.js', 'utf8'));
  await page.evaluate(`
    import(URL.createObjectURL(new Blob([${source}], { type: 'text/javascript' }))).then((sdk) => {
      globalThis.fanwire = sdk;
    })`);
}

test('in a browser, the SDK reads, publishes and survives a reset over every transport', async (t) => {
  const { hub, port } = await startHub(t);
  const proxy = await startProxy(t, port);
  const page = await openPage(t, proxy.url);
  await loadSdk(page);
  for (const transport of TRANSPORTS) {
    await page.evaluate(
      async ([transport]) => {
        globalThis.messages = [];
        globalThis.client = globalThis.fanwire.connect('', {
          transports: [transport],
          pollIntervalMs: 50,
          storage: null,
        });
        const subscription = globalThis.client.subscribe(transport, ({ data }) =>
          globalThis.messages.push(data),
        );
        await subscription.ready;
        await globalThis.client.publish(transport, { from: 'page' });
      },
      [transport] as const,
    );
    await hub.publish(transport, 'ü');
    await page.waitForFunction(() => globalThis.messages.length === 2);
    proxy.resetAll();
    await hub.publish(transport, 'after reset');
    await page.waitForFunction(() => globalThis.messages.length === 3);
    const { messages, status } = await page.evaluate(() => ({
      messages: globalThis.messages,
      status: globalThis.client.status,
    }));
    assert.deepEqual(messages, [{ from: 'page' }, 'ü', 'after reset']);
    assert.ok(status.why.length > 0);
    await page.evaluate(() => globalThis.client.close());
  }
});

test('in a browser, the SDK left alone settles on the WebSocket', async (t) => {
  const { url } = await startHub(t);
  const page = await openPage(t, url);
  await loadSdk(page);
  const transport = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const client = globalThis.fanwire.connect('', { storage: null });
        client.subscribe('scores', () => {});
        client.onStatus((status) => {
          if (status.state === 'connected' && status.transport === 'websocket') resolve(status.transport);
        });
      }),
  );
  assert.equal(transport, 'websocket');
});
