import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServe } from '../support/cli.ts';
import { send } from '../support/http.ts';
import { plot, until } from './support/operate.ts';
import { openTab } from './support/tab.ts';

/** Several periods of all that is published by the second. */
const LONG_ENOUGH_MS = 3500;

async function published(url: string): Promise<number> {
  const { text } = await send(`${url}/metrics`);
  return Number(/^fanwire_messages_total (\d+)/m.exec(text)![1]);
}

test('a hub at which nobody looks publishes nothing, and knows what was when somebody comes', async (t) => {
  const { url } = await startServe(t);
  await sleep(LONG_ENOUGH_MS);
  assert.equal(await published(url), 0);

  const tab = await openTab(t, `${url}/operate`);
  await plot(tab, 'Memory').waitFor();
  await until(async () => (await published(url)) > 2);
  const points = (await plot(tab, 'Memory').locator('.line').getAttribute('d'))!;
  assert.ok(points.split('L').length >= 3, 'readings of the time before anybody looked');
});
