import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { NAMES, SIGNS, sourceOf, stage } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, shifted, watchShifts } from './support/tab.ts';

test('each scenario stands still while it loads, fits a narrow phone, and shows its code as it is', async (t) => {
  const { url } = await startServe(t);
  for (const name of NAMES) {
    const tab = await openTab(t, `${url}/healthz`);
    await tab.setViewportSize({ width: 360, height: 740 });
    await watchShifts(tab);
    await tab.goto(`${url}/scenarios/${name}`);
    await stage(tab).getByText(SIGNS[name]!).first().waitFor();
    const moved = await shifted(tab);
    assert.ok(moved < 0.01, `${name}: layout shift of ${moved}`);
    assert.ok((await overflow(tab)) <= 0, `${name}: ${await overflow(tab)} pixels too wide`);
    const shown = await tab.locator('.code pre').evaluateAll((all) => all.map((each) => each.textContent));
    assert.deepEqual(
      shown,
      ['server.js', 'page.js'].map((file) => sourceOf(name, file)),
    );
    await keepScreenshots(tab, `scenarios-${name}`);
    await tab.close();
  }
});
