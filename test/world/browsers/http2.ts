import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createHub } from '../../../src/index.ts';
import type { Tab } from '../../support/browsers/tab.ts';
import { onEnd } from '../../support/on-end.ts';

/** Over HTTP/1.1 a browser has six connections to an origin, and the seventh source would wait for ever. */
const SOURCES = 20;

export async function opensTwentyEventSources(t: TestContext, tab: Tab): Promise<void> {
  const hub = createHub();
  onEnd(t, () => hub.close({ drainMs: 0 }));
  const { url } = await hub.listen({ port: 0, tls: 'self-signed' });
  // A page of the origin's own. Firefox shows JSON in one that may connect to nothing.
  await tab.show(`${url}/metrics`);
  await tab.run(async (count) => {
    const opened = Array.from({ length: count }, async () => {
      const source = new EventSource('/channels/scores');
      await new Promise((resolve) => source.addEventListener('open', resolve));
      return new Promise<string>((resolve) => {
        source.onmessage = ({ data }) => resolve(data);
      });
    });
    globalThis.items = opened;
  }, SOURCES);
  while (hub.connections().length < SOURCES) await new Promise(setImmediate);
  await hub.publish('scores', 1);
  const heard = await tab.run(() => Promise.all(globalThis.items));
  assert.deepEqual(heard, Array<string>(SOURCES).fill('1'));
}
