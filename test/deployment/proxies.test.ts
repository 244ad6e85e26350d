import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TRANSPORTS } from '../../conformance/transports/transports.ts';
import { post, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import type { OpenReader } from '../support/readers/reader.ts';
import { startWebProxy, type WebProxy } from '../support/web-proxy.ts';
import { IDLE_MS, PROXIES } from './proxies.ts';

/** Starts a hub as the guide says, and the proxy before it. */
async function startBehind(t: TestContext, proxy: WebProxy, heartbeatMs?: number) {
  const hosts = ['hub.example', '127.0.0.1'];
  const behind = await startHub(t, {
    trustProxy: true,
    hosts,
    limits: { waitSeconds: 1 },
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  });
  return { hub: behind.hub, url: `http://127.0.0.1:${await startWebProxy(t, proxy, behind.port)}` };
}

/** Opens a reader, and returns what publishes a value and sees it arrive. */
async function openPassage(t: TestContext, url: string, channel: string, open: OpenReader) {
  const reader = await open(url, { channels: [channel] });
  onEnd(t, () => reader.close());
  return async (data: string) => {
    const next = reader.next();
    assert.equal((await post(url, channel, data)).status, 201);
    const item = await next;
    assert.equal(item.kind === 'message' && item.message.data, data);
  };
}

for (const proxy of PROXIES) {
  test(`${proxy.name}: every transport brings each event as it comes`, { concurrency: true }, async (t) => {
    // No heartbeat comes in time to push out what a buffer holds back.
    const { url } = await startBehind(t, proxy);
    const each = TRANSPORTS.map(({ name, open }, index) =>
      t.test(name, async (t) => {
        const pass = await openPassage(t, url, `scores-${index}`, open);
        // The next is published when the one before has arrived.
        for (const data of ['one', 'two', 'three']) await pass(data);
      }),
    );
    await Promise.all(each);
  });

  test(`${proxy.name}: heartbeats outlast what the proxy calls idle`, { concurrency: true }, async (t) => {
    const { url } = await startBehind(t, proxy, IDLE_MS / 5);
    const each = TRANSPORTS.map(({ name, open }, index) =>
      t.test(name, async (t) => {
        const pass = await openPassage(t, url, `scores-${index}`, open);
        await delay(IDLE_MS * 1.2);
        await pass('after a silence');
      }),
    );
    await Promise.all(each);
  });

  test(`${proxy.name}: the address that counts is the client's, whatever it says of itself`, async (t) => {
    const { hub, url } = await startBehind(t, proxy);
    const { open } = TRANSPORTS.find(({ name }) => name === 'sse')!;
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const stream = await open(url, { channels: ['scores'], headers });
    onEnd(t, () => stream.close());
    assert.deepEqual(
      hub.connections().map(({ address }) => address),
      ['127.0.0.1'],
    );
  });

  test(`${proxy.name}: a large message passes, and a larger one is refused by the hub`, async (t) => {
    const { url } = await startBehind(t, proxy);
    const publish = (bytes: number) =>
      send(`${url}/channels/scores`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'x'.repeat(bytes),
      });
    assert.equal((await publish(1024 * 1024)).status, 201);
    assert.equal((await publish(1024 * 1024 + 1)).json().code, 'message_too_large');
  });
}
