import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { focusFaults, focusIsBack, watchFocus } from './support/focus.ts';
import { show, startConsole } from './support/places.ts';
import { openTab, shifted, watchShifts } from './support/tab.ts';

const DESKTOP = { width: 1440, height: 900 };
/** More than a page has controls. */
const MAX_TABS = 400;
/** A row of a list that is sorted anew meanwhile can pass the focus. */
const MAX_ROUNDS = 3;

/** Pages to go to from one to the next, by the title of their link, with what shows that they are there. */
const PAGES: readonly (readonly [title: string, sign: string])[] = [
  ['Playground', '[data-state=ready]'],
  ['Inspector', '.overhead'],
  ['Scenarios', '.scenario-list section'],
  ['Choose', '.measured'],
  ['Try', '.tabs li'],
  ['Operate', '.nodes code'],
];

test('every control of every page is reached by keyboard, shows it, and lets go', async (t) => {
  const { url, places } = await startConsole(t);
  const tab = await openTab(t, 'about:blank');
  await tab.setViewportSize(DESKTOP);
  await tab.addInitScript(watchFocus);
  const faults: string[] = [];
  for (const place of places) {
    await show(tab, url, place);
    let missed: string[] = [];
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      for (let presses = 0; presses < MAX_TABS; presses++) {
        await tab.keyboard.press('Tab');
        if (await tab.evaluate(focusIsBack, round)) break;
      }
      missed = await tab.evaluate(focusFaults);
      if (missed.length === 0) break;
    }
    faults.push(...missed.map((fault) => `${place[0]}: ${fault}`));
  }
  assert.deepEqual(faults, []);
});

test('pages change in one document, over one connection; the keyboard finds its way, and nothing jumps', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  let sockets = 0;
  // Choose measures a lane of its own, whose requests are marked.
  tab.on('websocket', (socket) => socket.url().includes('inspect=') || (sockets += 1));
  await tab.goto(`${url}/try`);
  await tab.locator('header .status.connected').waitFor();
  await tab.evaluate(() => Object.assign(window, { same: true }));

  await tab.keyboard.press('Tab');
  assert.equal(await tab.evaluate(() => document.activeElement?.textContent?.trim()), 'Skip to content');
  await tab.keyboard.press('Enter');
  await tab.keyboard.press('Tab');
  assert.ok(await tab.evaluate(() => document.activeElement?.closest('main') !== null), 'behind the links');

  for (const [title, sign] of PAGES) {
    await tab.getByRole('link', { name: title, exact: true }).first().press('Enter');
    await tab.locator(sign).first().waitFor();
    await tab.waitForFunction(
      (name) => document.activeElement?.tagName === 'H1' && document.title.startsWith(name),
      title,
    );
    assert.ok((await shifted(tab)) < 0.05, `${title}: layout shift of ${await shifted(tab)}`);
  }
  await tab.goBack();
  await tab.locator('.tabs li').first().waitFor();
  assert.equal(new URL(tab.url()).pathname, '/try');
  assert.ok(await tab.evaluate(() => 'same' in window), 'never loaded anew');
  assert.equal(sockets, 1);
});

test('whoever wants little motion sees none', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/healthz`);
  await tab.emulateMedia({ reducedMotion: 'reduce' });
  await tab.goto(url);
  await tab.getByRole('button', { name: 'Publish', exact: true }).click();
  await tab.locator('.wire[data-transport=sse][data-state=arrived]').waitFor();
  assert.equal(await tab.evaluate(() => document.getAnimations().length), 0);
});
