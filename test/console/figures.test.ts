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
  /** Whether it has been answered whole. */
  isOver: boolean;
}

/** A hub behind a proxy that counts the bytes of each exchange, between itself and the hub. */
async function startCounted(t: TestContext) {
  const { url } = await startServe(t);
  const proxy = await startProxy(t, Number(new URL(url).port));
  const exchanges: Counted[] = [];
  proxy.use(({ head, client, forward }) => {
    const upstream = forward();
    upstream.pipe(client);
    const exchange = { head, upstream, answered: '', isOver: false };
    upstream.on('data', (bytes) => (exchange.answered += bytes.toString('latin1')));
    upstream.on('close', () => (exchange.isOver = true));
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
const isPoll = (head: RequestHead) => asks('application/json')(head) && !isParked(head);

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
  Polling: { purpose: 'polling', isIts: isPoll, sign: '"from":"outside"' },
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

/** Bytes, as a page and the proxy have them, and how much less the page's rounding may leave of them. */
interface Reading {
  readonly told: number;
  readonly counted: number;
  readonly rounding: number;
}

/** Reads both until they agree, as what is told comes a moment later. False if they never do. */
async function agreeing(read: () => Promise<Reading>): Promise<boolean> {
  const givesUpAt = performance.now() + 20_000;
  for (;;) {
    const { told, counted, rounding } = await read();
    if (Math.abs(told - counted) <= rounding) return true;
    if (performance.now() > givesUpAt) return false;
  }
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
    const read = async () => {
      const { bytes, rounding } = await toldBy(tab, purpose);
      return { told: bytes, counted: bytesOf(own), rounding };
    };
    assert.ok(bytesOf(own) > 500);
    assert.ok(await agreeing(read), `${transport}: ${JSON.stringify(await read())}`);
    await button(tab, 'Start').click();
  }
});

test('the course tells as many bytes of a poll as a proxy counts', async (t) => {
  const { url, marked } = await startCounted(t);
  const tab = await openTab(t, `${url}/learn/cost`);
  await tab.getByText(/^Measured on real connections of this page/).waitFor();
  const told = await tab.locator('[data-measured=polling] td').first().innerText();
  const empty = marked(isPoll).filter(({ answered }) => answered.includes('"messages":[]'));
  assert.ok(empty.length > 1, `${empty.length} polls without news`);
  const counted = Math.round(bytesOf(empty) / empty.length);
  assert.equal(told, `${counted.toLocaleString('en')} B`, empty.map(({ head }) => head.target).join(', '));
});

/** What the Playground tells of a lane, in bytes. */
async function laneOf(tab: Page, transport: string) {
  const number = async (name: string) => {
    const text = await tab.locator(`[data-transport=${transport}] [data-name="${name}"] strong`).innerText();
    return Number(text.replace(/ B$/, '').replaceAll(',', ''));
  };
  const [begin, framing, content, idle] = await Promise.all(
    ['Bytes to begin', 'Around a message', 'Content', 'An idle minute'].map(number),
  );
  return { begin: begin!, framing: framing!, content: content!, idle: idle! };
}

const markOf = ({ head }: Counted) => /[?&]inspect=([^&]+)/.exec(head.target)![1]!;

/** By the mark that a lane's requests carry. */
function lanesOf(exchanges: readonly Counted[]): ReadonlyMap<string, readonly Counted[]> {
  const lanes = new Map<string, Counted[]>();
  for (const exchange of exchanges) {
    const mark = markOf(exchange);
    lanes.set(mark, [...(lanes.get(mark) ?? []), exchange]);
  }
  return lanes;
}

const STREAMS: Readonly<Record<string, (head: RequestHead) => boolean>> = {
  websocket: isUpgrade,
  sse: asks('text/event-stream'),
  'http-streaming': asks('application/x-ndjson'),
};
const POLL_MS = 1000;
/** Among the slider's intervals. */
const POLL_PLACE = 1;
/** How often a minute each asks while nothing comes. */
const ASKS_A_MINUTE = { polling: 60_000 / POLL_MS, 'long-polling': 2 } as const;

test('the Playground tells as many bytes of each lane as a proxy counts, and tells a message from what is around it', async (t) => {
  const { url, marked } = await startCounted(t);
  const tab = await openTab(t, `${url}/playground`);
  await tab.getByRole('slider', { name: 'Messages' }).fill('0');
  const ready = async () => {
    for (const name of [...Object.keys(STREAMS), ...Object.keys(ASKS_A_MINUTE)])
      await tab.locator(`.lanes [data-transport=${name}][data-state=ready]`).waitFor();
  };
  await ready();
  let old = new Set<string>();
  // The lanes begin anew, with marks of their own.
  const beginAnew = async (place: number) => {
    old = new Set(marked(() => true).map(markOf));
    const upgrades = marked(isUpgrade).length;
    await tab.getByRole('slider', { name: 'Poll interval' }).fill(`${place}`);
    await until(() => marked(isUpgrade).length > upgrades);
    await ready();
  };
  const all = () => [...lanesOf(marked(() => true).filter((each) => !old.has(markOf(each)))).values()];
  const laneBy = (is: (head: RequestHead) => boolean) =>
    all().find((lane) => lane.some(({ head }) => is(head)))!;

  const isAllTold = async () => {
    for (const [name, is] of Object.entries(STREAMS)) {
      if ((await laneOf(tab, name)).begin !== bytesOf(laneBy(is))) return false;
    }
    return true;
  };
  // The bytes of a lane's first second are its beginning. On a busy machine the hub tells of the last of them later.
  let tries = 0;
  do {
    await beginAnew(0);
    await beginAnew(POLL_PLACE);
  } while (!(await isAllTold()) && ++tries < 5);
  const begun = new Map<string, number>();
  for (const [name, is] of Object.entries(STREAMS)) {
    const { begin } = await laneOf(tab, name);
    assert.equal(begin, bytesOf(laneBy(is)), `${name}: to begin`);
    begun.set(name, begin);
  }
  await button(tab, 'Publish one').click();
  for (const [name, is] of Object.entries(STREAMS)) {
    const read = async () => {
      const { framing, content } = await laneOf(tab, name);
      return { told: framing + content, counted: bytesOf(laneBy(is)) - begun.get(name)!, rounding: 1 };
    };
    assert.ok(await agreeing(read), `${name}, a message: ${JSON.stringify(await read())}`);
  }

  await until(() => all().some((lane) => lane.filter(({ isOver }) => isOver).length > 6));
  const [polling, parked] = all()
    .filter((lane) => lane.every(({ head }) => isPoll(head)))
    .sort((one, other) => other.length - one.length);
  for (const [name, lane] of [
    ['polling', polling],
    ['long-polling', parked],
  ] as const) {
    const mark = markOf(lane![0]!);
    const read = async (figure: 'idle' | 'framing') => {
      const told = await laneOf(tab, name);
      const over = all()
        .find((each) => markOf(each[0]!) === mark)!
        .filter(({ isOver }) => isOver);
      // One of them brought the message.
      const each = (bytesOf(over) - told.content) / over.length;
      const times = figure === 'idle' ? ASKS_A_MINUTE[name] : 1;
      return { told: told[figure], counted: each * times, rounding: times };
    };
    for (const figure of ['framing', 'idle'] as const) {
      const agree = await agreeing(() => read(figure));
      assert.ok(agree, `${name}, ${figure}: ${JSON.stringify(await read(figure))}`);
    }
    if (name === 'long-polling') continue;
    // Polls that bring nothing leave what is around the message as it is.
    const asked = marked(isPoll).length;
    while (marked(isPoll).length < asked + 3) {
      const { told, counted } = await read('framing');
      assert.ok(Math.abs(told - counted) < counted / 10, `${told} told, ${counted} counted`);
    }
  }
});
