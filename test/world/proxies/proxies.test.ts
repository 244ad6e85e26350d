import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FanwireHub } from '../../../src/index.ts';
import { openChromium } from '../../support/browsers/chromium.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { startWebProxy } from '../../support/web-proxy.ts';
import { startSite } from '../site.ts';
import { type InstalledProxy, PROXIES } from './proxies.ts';
import { inNode, inTab, type Subscriber } from './subscriber.ts';

/** A site that a client reaches directly or through the proxy, and by one URL. */
interface Network {
  readonly url: string;
  readonly hub: FanwireHub;
  readonly front: TcpProxy;
  readonly direct: number;
  readonly proxied: number;
}

/** Starts a site, the proxy before it, and for each place that clients are in a way to both. */
async function startNetworks(t: TestContext, proxy: InstalledProxy, places: readonly unknown[]) {
  // Nobody comes before they are told where the site is.
  const fronts = await Promise.all(places.map(() => startTcpProxy(t, 0)));
  const urls = fronts.map(({ port }) => `${proxy.tls ? 'https' : 'http'}://127.0.0.1:${port}`);
  const { hub, port: direct } = await startSite(t, proxy.keepsHost ? {} : { origins: urls });
  const proxied = await startWebProxy(t, proxy, direct);
  return fronts.map((front, index): Network => ({ url: urls[index]!, hub, front, direct, proxied }));
}

async function startsBehind(
  { url, hub, front, proxied }: Network,
  { settlesOn, causes }: InstalledProxy,
  subscriber: Subscriber,
  channel: string,
): Promise<void> {
  front.target = proxied;
  await subscriber.begin(url, channel);
  await hub.publish(channel, 'live');
  await subscriber.publish(channel, 'by the client');
  await subscriber.received(2);
  const { why } = await subscriber.connectedOver(settlesOn, causes);
  for (const cause of causes) assert.match(why, new RegExp(`not ${cause.replace(':', '')} \\(`));
  front.cut();
  await hub.publish(channel, 'while away');
  await subscriber.publish(channel, 'by the client again');
  const all = ['live', 'by the client', 'while away', 'by the client again'];
  assert.deepEqual(await subscriber.received(all.length), all);
}

async function movesBehind(
  { url, hub, front, direct, proxied }: Network,
  { settlesOn, causes }: InstalledProxy,
  subscriber: Subscriber,
  channel: string,
): Promise<void> {
  front.target = direct;
  await subscriber.begin(url, channel);
  await subscriber.connectedOver('websocket', []);
  await hub.publish(channel, 'live');
  await subscriber.received(1);
  front.target = proxied;
  front.cut();
  await hub.publish(channel, 'while away');
  await subscriber.publish(channel, 'by the client');
  assert.deepEqual(await subscriber.received(3), ['live', 'while away', 'by the client']);
  await subscriber.connectedOver(settlesOn, causes);
}

function protocolOfPage(): string {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return page!.nextHopProtocol;
}

// For the client in Node, which has no option to trust the certificate that a test has made.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

test('behind a proxy as its package installs it', async (t) => {
  const tab = await openChromium(t);
  const places = [
    { name: 'Node', open: inNode },
    { name: 'Chromium', open: () => inTab(tab) },
  ];
  for (const proxy of PROXIES) {
    await t.test(proxy.name, { concurrency: true }, async (t) => {
      const networks = await startNetworks(t, proxy, places);
      const each = places.map(({ name, open }, index) =>
        t.test(`${proxy.name}, for the SDK in ${name}`, async (t) => {
          const network = networks[index]!;
          const subscriber = open(t);
          await t.test(`${proxy.name}: the SDK in ${name} starts, on ${proxy.settlesOn}, and resumes`, () =>
            startsBehind(network, proxy, subscriber, `starts-${name}`),
          );
          // One URL can't be both with and without TLS.
          if (proxy.tls) return;
          await t.test(`${proxy.name}: the SDK in ${name} goes on behind it, having begun without`, () =>
            movesBehind(network, proxy, subscriber, `moves-${name}`),
          );
        }),
      );
      await Promise.all(each);
      if (proxy.tls) assert.equal(await tab.run(protocolOfPage), 'h2');
      const { url } = networks[1]!;
      await tab.show(`${url}/host`);
      const host = await tab.run(() => document.body.textContent);
      assert.equal(`${new URL(url).host}` === host, proxy.keepsHost, `the site is called ${host}`);
    });
  }
});
