import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { isUpgrade, type RequestHead } from '../../src/lab/middlebox/request-head.ts';
import { startServe } from '../support/cli.ts';
import { post } from '../support/http.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { button, CHANNEL, choose, openInspector, step } from './support/inspector.ts';
import { until } from './support/operate.ts';
import { openTab } from './support/tab.ts';

interface Counted {
  readonly head: RequestHead;
  /** To the hub: its own counters tell what crossed. */
  readonly upstream: Socket;
  readonly answered: string;
}

/** A hub behind a proxy that counts the bytes of each exchange, between itself and the hub. */
async function startCounted(t: TestContext) {
  const { url } = await startServe(t);
  const proxy = await startProxy(t, Number(new URL(url).port));
  const exchanges: Counted[] = [];
  proxy.use(({ head, client, forward }) => {
    const upstream = forward();
    upstream.pipe(client);
    const exchange = { head, upstream, answered: '' };
    upstream.on('data', (bytes) => (exchange.answered += bytes.toString('latin1')));
    exchanges.push(exchange);
  });
  /** Those of pages that are recorded. */
  const marked = (which: (head: RequestHead) => boolean) =>
    exchanges.filter(({ head }) => head.target.includes('inspect=') && which(head));
  return { hubUrl: url, url: proxy.url, marked };
}

const bytesOf = (exchanges: readonly Counted[]) =>
  exchanges.reduce((sum, { upstream }) => sum + upstream.bytesRead + upstream.bytesWritten, 0);

const asks = (accept: string) => (head: RequestHead) => head.headers.accept?.startsWith(accept) ?? false;
const isParked = (head: RequestHead) => 'prefer' in head.headers || /[?&]wait=/.test(head.target);

const WIRES: Readonly<
  Record<string, { purpose: string; isIts: (head: RequestHead) => boolean; sign: string }>
> = {
  WebSocket: { purpose: 'websocket', isIts: isUpgrade, sign: '"from":"outside"' },
  'Server-sent events': { purpose: 'sse', isIts: asks('text/event-stream'), sign: '"from":"outside"' },
  'HTTP streaming': {
    purpose: 'http-streaming',
    isIts: asks('application/x-ndjson'),
    sign: '"from":"outside"',
  },
  'Long polling': { purpose: 'long-polling', isIts: isParked, sign: '"from":"outside"' },
};

/** All bytes that the Inspector tells of a wire, and by how much their rounding may change them. */
async function toldBy(tab: Page, purpose: string): Promise<{ bytes: number; rounding: number }> {
  const number = async (name: string) => {
    const text = await tab.locator(`.overhead [data-purpose=${purpose}] [data-name="${name}"]`).innerText();
    return Number(/^[\d,.]+/.exec(text)?.[0].replaceAll(',', '') ?? 0);
  };
  const [requests, heads, messages, framing, upkeep, content] = await Promise.all(
    ['Requests', 'Heads a request', 'Messages', 'Framing a message', 'Upkeep', 'Content'].map(number),
  );
  return {
    bytes: requests! * heads! + messages! * framing! + upkeep! + content!,
    rounding: (requests! + messages! + 2) / 2,
  };
}

test('the Inspector tells as many bytes of each wire as a proxy counts', async (t) => {
  const { hubUrl, url, marked } = await startCounted(t);
  const tab = await openInspector(t, url);
  for (const [transport, { purpose, isIts, sign }] of Object.entries(WIRES)) {
    const before = marked(isIts).length;
    await button(tab, 'Clear').click();
    await choose(tab, transport);
    await until(() => marked(isIts).length > before);
    await step(tab, 'GET').waitFor();
    await post(hubUrl, CHANNEL, { from: 'outside' });
    await step(tab, sign).first().waitFor();
    await button(tab, 'Stop').click();
    const own = marked(isIts).slice(before);
    // What is recorded comes a moment after it has crossed; if it never does, both are told.
    const givesUpAt = performance.now() + 20_000;
    let [told, counted] = [await toldBy(tab, purpose), bytesOf(own)];
    const agree = () => counted > 500 && Math.abs(told.bytes - counted) <= told.rounding;
    while (!agree() && performance.now() < givesUpAt)
      [told, counted] = [await toldBy(tab, purpose), bytesOf(own)];
    assert.ok(agree(), `${transport}: the page tells ${told.bytes} bytes, the proxy ${counted}`);
    await button(tab, 'Start').click();
  }
});

test('the course tells as many bytes of a poll as a proxy counts', async (t) => {
  const { url, marked } = await startCounted(t);
  const tab = await openTab(t, `${url}/learn/cost`);
  await tab.getByText(/^Measured on real connections of this page/).waitFor();
  const told = await tab.locator('[data-measured=polling] td').first().innerText();
  const isPoll = (head: RequestHead) => asks('application/json')(head) && !isParked(head);
  const empty = marked(isPoll).filter(({ answered }) => answered.includes('"messages":[]'));
  assert.ok(empty.length > 1, `${empty.length} polls without news`);
  const counted = Math.round(bytesOf(empty) / empty.length);
  assert.equal(told, `${counted.toLocaleString('en')} B`, empty.map(({ head }) => head.target).join(', '));
});
