import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Tab } from '../../support/browsers/tab.ts';
import { startServe } from '../../support/cli.ts';
import { goTo, untilThere } from './console-ways.ts';

/** Of HTTP/1.1 a browser has six connections to an origin: six streams that stay open end the console. */
export async function endsAStreamThatIsLeft(t: TestContext, tab: Tab): Promise<void> {
  const { url } = await startServe(t);
  const openStreams = async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^fanwire_connections\{transport="sse"\} (\d+)$/m.exec(metrics)![1]);
  };
  await tab.show(`${url}/scenarios/scores`);
  await tab.run(untilThere, '.scenario td');
  // The page may still read by a stream of its own until its WebSocket works.
  assert.ok((await openStreams()) > 0);
  await tab.run(goTo, '/choose', '.measured');
  while ((await openStreams()) > 0) await new Promise(setImmediate);
  await tab.show('about:blank');
}
