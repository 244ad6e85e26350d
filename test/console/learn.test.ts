import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, shifted, watchShifts } from './support/tab.ts';

test('the constraint: three experiments run by themselves, and claim and reading stand side by side', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.setViewportSize({ width: 360, height: 740 });
  await tab.goto(`${url}/learn`);
  const experiment = (name: string) => tab.getByRole('region', { name, exact: true });
  const arrows = (name: string, says: string | RegExp) =>
    experiment(name).locator('.arrow').filter({ hasText: says });

  // As long as the page waits before it asks again, and no shorter.
  await experiment('Request and response')
    .getByText(/^The hub knew for [2-9]\.\d\d s before it could say so/)
    .waitFor();
  await experiment('Request and response')
    .getByText(/the hub knows, and can’t say: [2-9]\.\d\d s/)
    .waitFor();
  assert.equal(await arrows('Request and response', 'GET').count(), 2);
  await arrows('Request and response', 'something happened').waitFor({ state: 'attached' });

  await experiment('Half duplex')
    .getByText(/3 requests took turns, .*: at most 1 under way/)
    .waitFor();
  assert.deepEqual(await arrows('Half duplex', /^/).locator('b').allTextContents(), [
    ...['POST', '201', 'POST', '201', 'POST', '201'],
  ]);

  await experiment('Full duplex')
    .getByText(/up to [1-3] messages .* and 4 messages came down/)
    .waitFor();
  assert.equal(await arrows('Full duplex', 'GET').count(), 1);
  await tab.getByText('All three were made by this page just now.').waitFor();
  assert.ok((await overflow(tab)) <= 0);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-constraint');
});
