import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser.ts';
import { send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { accepts } from '../support/proxy/request-head.ts';

const isStream = accepts('text/event-stream');

declare global {
  /** What the page under test has received, in order. */
  var received: [id: string, data: string][];
}

/** Opens an EventSource in the page and resolves once it is open. */
function openEventSource(page: Page, path: string): Promise<void> {
  return page.evaluate((path) => {
    globalThis.received = [];
    const source = new EventSource(path);
    source.onmessage = (event) => globalThis.received.push([event.lastEventId, event.data]);
    return new Promise<void>((resolve) => {
      source.onopen = () => resolve();
    });
  }, path);
}

/** What the page has received, once it is so much. */
async function receivedBy(page: Page, count: number) {
  await page.waitForFunction((count) => globalThis.received.length >= count, count);
  return page.evaluate(() => globalThis.received);
}

test('an EventSource reconnects by itself, again and again, and gets every message once', async (t) => {
  const { hub, port } = await startHub(t, { retryMs: 20 });
  const proxy = await startProxy(t, port);
  const page = await openPage(t, proxy.url);
  await openEventSource(page, '/channels/scores');
  const published: [string, string][] = [];
  for (let round = 0; round < 10; round++) {
    const values = [`live ${round}`, `while away ${round}`];
    const [live] = await publishAll(hub, 'scores', values.slice(0, 1));
    await receivedBy(page, published.length + 1);
    const back = proxy.nextRequest(isStream);
    proxy.resetAll();
    const [away] = await publishAll(hub, 'scores', values.slice(1));
    published.push([live!, `"live ${round}"`], [away!, `"while away ${round}"`]);
    const { headers } = await back;
    assert.equal(headers['last-event-id'], live, 'it resumes where it was');
    assert.deepEqual(await receivedBy(page, published.length), published);
  }
});

test('an EventSource that is cut before its first message loses nothing', async (t) => {
  const { hub, port } = await startHub(t, { retryMs: 20 });
  const proxy = await startProxy(t, port);
  const before = await hub.publish('scores', 'before');
  const page = await openPage(t, proxy.url);
  await openEventSource(page, '/channels/scores');
  const back = proxy.nextRequest(isStream);
  proxy.resetAll();
  const [id] = await publishAll(hub, 'scores', ['while away']);
  assert.equal((await back).headers['last-event-id'], before.id);
  assert.deepEqual(await receivedBy(page, 1), [[id, '"while away"']]);
});

test('an EventSource gets types as events and a gap as an event of its own', async (t) => {
  const { hub, url } = await startHub(t, { channels: { scores: { retain: { count: 1 } } } });
  const ids = await publishAll(hub, 'scores', [1, 2]);
  const goal = await hub.publish('scores', 'lines\nof text', { type: 'goal' });
  const page = await openPage(t, url);
  const events = await page.evaluate(
    (path) =>
      new Promise<unknown[]>((resolve) => {
        const seen: unknown[] = [];
        const source = new EventSource(path);
        source.addEventListener('gap', (event) =>
          seen.push([event.type, event.lastEventId, JSON.parse(event.data)]),
        );
        source.addEventListener('goal', (event) => {
          seen.push([event.type, event.lastEventId, event.data]);
          source.close();
          resolve(seen);
        });
      }),
    `/channels/scores?after=${ids[0]}`,
  );
  const gap = { channel: 'scores', from: ids[0], to: ids[1], reason: 'trimmed' };
  assert.deepEqual(events, [
    // The id is still where it resumed from: a gap moves none.
    ['gap', ids[0], { gap }],
    ['goal', goal.id, '"lines\\nof text"'],
  ]);
});

test('a WebSocket reads, and what it sends is published and acknowledged', async (t) => {
  const { hub, url } = await startHub(t);
  const page = await openPage(t, url);
  const reading = page.evaluate(
    (url) =>
      new Promise<unknown[]>((resolve, reject) => {
        const frames: unknown[] = [];
        const socket = new WebSocket(url);
        socket.binaryType = 'arraybuffer';
        socket.onopen = () => socket.send('{"from":"page"}');
        socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
        socket.onmessage = ({ data }) => {
          frames.push(typeof data === 'string' ? JSON.parse(data) : [...new Uint8Array(data)].slice(-3));
          if (frames.length === 4) {
            socket.onclose = () => resolve(frames);
            socket.close(1000);
          }
        };
      }),
    `${url.replace('http', 'ws')}/channels/scores`,
  );
  let messages: { id: string; data: unknown }[] = [];
  while (messages.length === 0)
    ({ messages } = (await send(`${url}/channels/scores?wait=1&after=start`)).json());
  await hub.publish('scores', new Uint8Array([1, 2, 3]));
  const [heartbeat, ...rest] = await reading;
  assert.deepEqual(Object.keys(heartbeat as object), ['heartbeat']);
  const [message] = messages;
  const isAck = (frame: unknown) => frame !== null && typeof frame === 'object' && 'ack' in frame;
  assert.deepEqual(rest.find(isAck), { ack: { id: message?.id } });
  assert.deepEqual(
    rest.find((frame) => !isAck(frame) && !Array.isArray(frame)),
    message,
  );
  assert.deepEqual(rest.at(-1), [1, 2, 3]);
});
