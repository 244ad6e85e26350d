import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { TCP_TRANSPORTS } from '../../../src/protocol/transport-name.ts';
import type { Tab } from '../../support/browsers/tab.ts';
import { startProxy } from '../../support/proxy/proxy.ts';
import { received, showPage, subscribe, untilConnected } from '../page.ts';
import { startSite } from '../site.ts';

export async function survivesCutsOnEveryTransport(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t);
  const proxy = await startProxy(t, port);
  await showPage(tab, proxy.url);
  for (const transport of TCP_TRANSPORTS) {
    await subscribe(tab, transport, { transports: [transport], pollIntervalMs: 50 });
    const publish = (data: string) =>
      tab.run(
        async (channel, data) => {
          await globalThis.client.publish(channel, { from: data });
        },
        transport,
        data,
      );
    await publish('page');
    await hub.publish(transport, 'ü');
    await received(tab, 2);
    proxy.resetAll();
    await hub.publish(transport, 'while away');
    await publish('page again');
    const items = [{ from: 'page' }, 'ü', 'while away', { from: 'page again' }];
    assert.deepEqual(await received(tab, items.length), items, transport);
    await untilConnected(tab, transport);
    await tab.run(() => globalThis.client.close());
  }
}

export async function settlesOnTheWebSocket(t: TestContext, tab: Tab): Promise<void> {
  const { port } = await startSite(t);
  await showPage(tab, `http://127.0.0.1:${port}`);
  await subscribe(tab, 'scores');
  const { why } = await untilConnected(tab, 'websocket');
  assert.equal(why, 'websocket works');
}
