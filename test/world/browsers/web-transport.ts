import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Tab } from '../../support/browsers/tab.ts';
import { freePort } from '../../support/free-port.ts';
import { received, showPage, subscribe, untilConnected } from '../page.ts';
import { startSite } from '../site.ts';

export async function movesToWebTransport(t: TestContext, tab: Tab): Promise<void> {
  // WebTransport is at another port than the page, which makes it another origin.
  const { hub, port } = await startSite(t, { origins: '*' });
  const udp = await freePort();
  await hub.webtransport({ port: udp, tls: 'self-signed', url: `https://127.0.0.1:${udp}/connect` });
  await showPage(tab, `http://127.0.0.1:${port}`);
  await subscribe(tab, 'scores', { stableAfterMs: 50 });
  const publish = (data: string) =>
    tab.run(async (data) => {
      await globalThis.client.publish('scores', { from: data });
    }, data);
  await publish('page');
  await untilConnected(tab, 'webtransport');
  await hub.publish('scores', 'ü');
  await publish('page, by WebTransport');
  await received(tab, 3);
  assert.equal(
    hub.disconnect(() => true),
    1,
  );
  await hub.publish('scores', 'while away');
  await untilConnected(tab, 'webtransport');
  await publish('page again');
  const items = [
    { from: 'page' },
    'ü',
    { from: 'page, by WebTransport' },
    'while away',
    { from: 'page again' },
  ];
  assert.deepEqual(await received(tab, items.length), items);
  await tab.run(() => globalThis.client.close());
}
