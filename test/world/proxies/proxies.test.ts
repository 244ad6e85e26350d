import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FanwireHub } from '../../../src/index.ts';
import { openChromium } from '../../support/browsers/chromium.ts';
import { send } from '../../support/http.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { startWebProxy } from '../../support/web-proxy.ts';
import { startSite } from '../site.ts';
import { type InstalledProxy, PROXIES } from './proxies.ts';
import { inNode, inTab, type Subscriber } from './subscriber.ts';

/** A site that clients reach directly or through the proxy, and by one URL. */
interface Network {
  readonly url: string;
  readonly hub: FanwireHub;
  readonly front: TcpProxy;
  readonly direct: number;
  readonly proxied: number;
}

async function startNetwork(t: TestContext, proxy: InstalledProxy): Promise<Network> {
  // Nobody comes before it is told where the site is.
  const front = await startTcpProxy(t, 0);
  const url = `http://127.0.0.1:${front.port}`;
  const { hub, port } = await startSite(t, proxy.keepsHost ? {} : { origins: [url] });
  return { url, hub, front, direct: port, proxied: await startWebProxy(t, proxy, port) };
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

test('behind a proxy as its package installs it', async (t) => {
  const tab = await openChromium(t);
  for (const proxy of PROXIES.filter(({ name }) => !process.env.ONLY || process.env.ONLY.includes(name))) {
    await t.test(proxy.name, async (t) => {
      const network = await startNetwork(t, proxy);
      const places = { Node: inNode(t), Chromium: inTab(tab) };
      for (const [place, subscriber] of Object.entries(places)) {
        await t.test(`${proxy.name}: the SDK in ${place} starts, on ${proxy.settlesOn}, and resumes`, () =>
          startsBehind(network, proxy, subscriber, `starts-${place}`),
        );
        await t.test(`${proxy.name}: the SDK in ${place} that lived without it goes on behind it`, () =>
          movesBehind(network, proxy, subscriber, `moves-${place}`),
        );
      }
      await t.test(
        `${proxy.name}: the hub is told ${proxy.keepsHost ? 'the' : 'no'} name of the site`,
        async () => {
          network.front.target = network.proxied;
          const { text } = await send(`${network.url}/host`);
          assert.equal(network.url === `http://${text}`, proxy.keepsHost);
        },
      );
    });
  }
});
