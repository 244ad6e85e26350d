import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { FanwireError } from '../../src/index.ts';
import { loadModule, openPages } from '../support/browser.ts';
import { publishAll, startHub } from '../support/hub.ts';
import {
  CHANNEL,
  connectionsOf,
  gotBy,
  openTabs,
  split,
  subscribeAll,
  untilConnections,
  viaOf,
} from '../support/tabs.ts';

test('eight tabs read in order and publish over SSE on HTTP/1.1, and the hub sees one connection', async (t) => {
  const { hub, url, pages } = await openTabs(t, 8);
  await subscribeAll(pages);
  await untilConnections(url, 1);
  const { others } = await split(pages);
  assert.equal(others.length, 7);

  const values = Array.from({ length: 100 }, (_, index) => `from the hub ${index}`);
  await publishAll(hub, CHANNEL, values);
  for (const page of pages) assert.deepEqual(await gotBy(page, values.length), values);

  for (const [index, page] of pages.entries()) {
    const { id } = await page.evaluate(
      ([channel, index]) => globalThis.tab.publish(channel, `from tab ${index}`),
      [CHANNEL, index] as const,
    );
    assert.match(id, /^\w+\.\d+$/);
  }
  const all = [...values, ...pages.map((_, index) => `from tab ${index}`)];
  for (const page of pages) assert.deepEqual(await gotBy(page, all.length), all);
  assert.equal(await connectionsOf(url), 1);
});

test('without sharing, six of eight tabs take all connections of the browser, and the seventh hangs', async (t) => {
  const { url } = await startHub(t);
  const pages = await openPages(t, url, 8);
  for (const page of pages) await loadModule(page, 'plain', 'dist/client/index.js');
  const states = await Promise.all(
    pages.map((page) =>
      page.evaluate(
        () =>
          new Promise<string>((resolve) => {
            const client = globalThis.plain.connect('', { transports: ['sse'], storage: null });
            client.subscribe('news', () => {});
            client.onStatus(({ state, failures }) => {
              const [failure] = failures;
              if (state === 'connected' || failure) resolve(failure?.cause ?? state);
            });
          }),
      ),
    ),
  );
  assert.deepEqual(states.sort(), [...Array(6).fill('connected'), 'mute', 'mute']);
  assert.equal(await connectionsOf(url), 6);
});

test('each tab has its own start, and goes its own pace', async (t) => {
  // The log keeps what is published faster than a busy browser reads.
  const { hub, pages } = await openTabs(t, 3, { channels: { '*': { retain: { count: 10_000 } } } });
  await publishAll(hub, CHANNEL, [1, 2, 3]);
  const [all, last, paced] = pages as [Page, Page, Page];
  const start = (page: Page, options: object) =>
    page.evaluate(
      ([channel, options]) =>
        globalThis.tab.subscribe(channel, { ...options, onMessage: ({ data }) => globalThis.got.push(data) })
          .ready,
      [CHANNEL, options] as const,
    );
  await start(last, { last: 1 });
  await start(all, { after: 'start' });
  assert.deepEqual(await gotBy(all, 3), [1, 2, 3]);
  assert.deepEqual(await gotBy(last, 1), [3]);
  // 2,000 are more than an iterator holds.
  const read = paced.evaluate(async (channel) => {
    const subscription = globalThis.tab.subscribe<number>(channel);
    globalThis.sent = [subscription.ready];
    for await (const { data } of subscription) {
      globalThis.got.push(data);
      if (data === 2003) break;
    }
    return globalThis.got.length;
  }, CHANNEL);
  await paced.waitForFunction(() => globalThis.sent?.[0]);
  await paced.evaluate(() => globalThis.sent[0]);
  await publishAll(
    hub,
    CHANNEL,
    Array.from({ length: 2000 }, (_, index) => index + 4),
  );
  assert.equal(await read, 2000);
  assert.deepEqual((await gotBy(all, 2003)).slice(-1), [2003]);
});

test('all tabs are one member, and closing the last ends the connection and the membership', async (t) => {
  const { hub, url, pages } = await openTabs(t, 2, { presenceLingerMs: 60_000 });
  for (const page of pages) {
    await page.evaluate(
      (channel) => globalThis.tab.subscribe(channel, { presence: { name: 'Ada' }, onMessage() {} }).ready,
      CHANNEL,
    );
  }
  const members = await pages[0]!.evaluate((channel) => globalThis.tab.presence(channel), CHANNEL);
  assert.deepEqual(
    members.map(({ data }) => data),
    [{ name: 'Ada' }],
  );
  const left = new Promise((resolve) => {
    hub.subscribe(`${CHANNEL}:presence`, ({ type }) => type === 'leave' && resolve(type));
  });
  const { leader, others } = await split(pages);
  await leader.evaluate(() => globalThis.tab.close());
  await others[0]!.waitForFunction(() => globalThis.tab.status.via === 'this tab');
  const same = await others[0]!.evaluate((channel) => globalThis.tab.presence(channel), CHANNEL);
  assert.deepEqual(same, members, 'it is the same member as before');
  await others[0]!.evaluate(() => globalThis.tab.close());
  await left;
  await untilConnections(url, 0);
});

test('when the hub refuses the token of the tab that leads, another tries with its own', async (t) => {
  const { url } = await startHub(t, {
    authorise: ({ token }) => {
      if (token !== 'good') throw new FanwireError('unauthenticated', 'not this one');
      return { read: true, publish: true };
    },
  });
  const [bad, good] = (await openPages(t, url, 2)) as [Page, Page];
  const open = async (page: Page, token: string) => {
    await loadModule(page, 'tabs', 'dist/client/tabs/index.js');
    await page.evaluate((token) => {
      globalThis.got = [];
      globalThis.tab = globalThis.tabs.connect('', { transports: ['sse'], storage: null, token });
    }, token);
  };
  await open(bad, 'bad');
  await open(good, 'good');
  await subscribeAll([good]);
  await bad.waitForFunction(() => globalThis.tab.status.state === 'closed');
  assert.equal(await viaOf(good), 'this tab');
});

test('where the browser has no locks, each tab has a connection of its own', async (t) => {
  const { url } = await startHub(t);
  const pages = await openPages(t, url, 2);
  for (const page of pages) {
    await page.evaluate(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
    await loadModule(page, 'tabs', 'dist/client/tabs/index.js');
    await page.evaluate(() => {
      globalThis.tab = globalThis.tabs.connect('', { transports: ['sse'], storage: null });
      globalThis.got = [];
    });
  }
  await subscribeAll(pages);
  assert.equal(await connectionsOf(url), 2);
  assert.deepEqual(await Promise.all(pages.map(viaOf)), ['this tab', 'this tab']);
});

test('own: false leaves out what this tab has published, and not what another tab of the same client has', async (t) => {
  const { hub, pages } = await openTabs(t, 2);
  for (const page of pages) {
    await page.evaluate(
      (channel) =>
        globalThis.tab.subscribe(channel, { own: false, onMessage: ({ data }) => globalThis.got.push(data) })
          .ready,
      CHANNEL,
    );
  }
  for (const [index, page] of pages.entries()) {
    await page.evaluate(([channel, index]) => globalThis.tab.publish(channel, index), [
      CHANNEL,
      index,
    ] as const);
  }
  await hub.publish(CHANNEL, 'end');
  const seen = await Promise.all(pages.map((page) => gotBy(page, 2)));
  assert.deepEqual(seen, [
    [1, 'end'],
    [0, 'end'],
  ]);
  const ids = await Promise.all(pages.map((page) => page.evaluate(() => globalThis.tab.status.from)));
  assert.match(ids[0]!, /^[\w-]{12}$/);
  assert.equal(ids[0], ids[1]);
});
