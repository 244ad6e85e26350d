import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createHub } from '../../src/index.ts';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import { startSecureHub } from '../http2/support/secure-hub.ts';
import { openPages } from '../support/browser.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';

declare global {
  var sources: EventSource[];
  var heard: Promise<unknown>[];
}

const TABS = 8;
const SOURCES = 20;

/** Of a user who has let the certificate pass. */
const openTabs = (t: TestContext, url: string, count: number) =>
  openPages(t, url, count, { ignoreHTTPSErrors: true });

const protocolOf = (page: Page) =>
  page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return navigation!.nextHopProtocol;
  });

/** Opens EventSources; `heard` are what resolves with the first message of each. */
const openSources = (page: Page, count: number) =>
  page.evaluate((count) => {
    globalThis.sources = Array.from({ length: count }, (_, n) => new EventSource(`/channels/c${n}`));
    globalThis.heard = globalThis.sources.map(
      (source) => new Promise((resolve) => source.addEventListener('message', ({ data }) => resolve(data))),
    );
  }, count);

test('twenty EventSources in each of eight tabs hear everything over HTTP/2', {
  timeout: 110_000,
}, async (t) => {
  const { hub, url } = await startSecureHub(t);
  const pages = await openTabs(t, url, TABS);
  assert.deepEqual(new Set(await Promise.all(pages.map(protocolOf))), new Set(['h2']));
  for (const page of pages) await openSources(page, SOURCES);
  while (hub.connections().length < TABS * SOURCES) await new Promise(setImmediate);
  for (let n = 0; n < SOURCES; n++) await hub.publish(`c${n}`, n);
  for (const page of pages) {
    const heard = await page.evaluate(() => Promise.all(globalThis.heard));
    assert.deepEqual(
      heard,
      Array.from({ length: SOURCES }, (_, n) => `${n}`),
    );
  }
});

test('over HTTP/1.1 the seventh waits until another has ended', { timeout: 110_000 }, async (t) => {
  const { hub, url } = await startHub(t);
  const [page] = (await openTabs(t, url, 1)) as [Page];
  assert.equal(await protocolOf(page), 'http/1.1');
  await openSources(page, 7);
  while (hub.connections().length < 6) await new Promise(setImmediate);
  for (let n = 0; n < 7; n++) await hub.publish(`c${n}`, n);
  await page.evaluate(() => Promise.all(globalThis.heard.slice(0, 6)));
  assert.equal(await page.evaluate(() => globalThis.sources[6]!.readyState), 0);
  assert.equal(hub.connections().length, 6);
  await page.evaluate(() => {
    const [first, ...others] = globalThis.sources;
    const opened = new Promise<void>((resolve) => others.at(-1)!.addEventListener('open', () => resolve()));
    first!.close();
    return opened;
  });
});

/** A server of HTTP/2 that says what came to it, and does with WebSockets what is asked for. */
async function startServer(t: TestContext, failing?: (stream: ServerHttp2Stream) => void) {
  const { pair } = certificateOf('self-signed', () => {});
  const settings = { enableConnectProtocol: true };
  const server = createSecureServer({ ...pair, allowHTTP1: true, settings });
  const came: string[] = [];
  const hub = createHub({ monitoring: true });
  server.on('session', (session) => {
    session.on('stream', (stream, headers) => {
      if (headers[':protocol']) came.push(`${headers[':method']} ${headers[':protocol']}`);
      stream.on('error', () => {});
    });
  });
  server.on('upgrade', () => came.push('upgrade'));
  if (failing) {
    server.on('connect', (request) => failing(request.stream));
    server.on('request', (request, response) => hub.handler(request as never, response as never));
  } else hub.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    server.close();
  });
  return { hub, came, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** What the SDK, as the hub serves it, ends on. */
async function settle(page: Page, url: string) {
  await page.addScriptTag({ url: `${url}/fanwire.js` });
  return page.evaluate(async () => {
    const { fanwire } = window as never as { fanwire: typeof import('../../src/client/index.ts') };
    const client = fanwire.connect('');
    const message = new Promise((resolve) => client.subscribe('scores', ({ data }) => resolve(data)));
    await client.publish('scores', 'x');
    await message;
    for (;;) {
      const { status } = client;
      // On the best there is: what comes before it has been tried.
      if (status.state === 'connected' && status.trying.length === 0) {
        return { transport: status.transport, why: status.why };
      }
      await new Promise((resolve) => client.onStatus(resolve));
    }
  });
}

test('a page that came over HTTP/2 opens its WebSocket there, by itself and by the SDK', {
  timeout: 110_000,
}, async (t) => {
  const { hub, came, url } = await startServer(t);
  const [page] = (await openTabs(t, url, 1)) as [Page];
  assert.equal(await protocolOf(page), 'h2');
  const first = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const at = `${location.origin.replace('http', 'ws')}/channels/a`;
        new WebSocket(at).onmessage = ({ data }) => resolve(data);
      }),
  );
  assert.match(String(first), /^{"heartbeat"/);
  assert.deepEqual(came, ['CONNECT websocket']);
  assert.equal((await settle(page, url)).transport, 'websocket');
  assert.deepEqual(came, ['CONNECT websocket', 'CONNECT websocket']);
  assert.ok(hub.connections().some(({ client }) => client !== undefined));
});

for (const [what, failing] of [
  ['answers it with 502', (stream) => stream.respond({ ':status': 502 }, { endStream: true })],
  ['resets it', (stream) => stream.close(2)],
  ['takes it and says nothing', (stream) => stream.respond({ ':status': 200 })],
] as readonly (readonly [string, (stream: ServerHttp2Stream) => void])[]) {
  test(`behind a proxy that offers WebSockets over HTTP/2 and ${what} the SDK falls back, and says why`, {
    timeout: 110_000,
  }, async (t) => {
    const { came, url } = await startServer(t, failing);
    const [page] = (await openTabs(t, url, 1)) as [Page];
    const { transport, why } = await settle(page, url);
    assert.equal(transport, 'sse', why);
    assert.match(String(why), /websocket/);
    assert.equal(came[0], 'CONNECT websocket');
  });
}
