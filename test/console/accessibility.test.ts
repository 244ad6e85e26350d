import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServe } from '../support/cli.ts';
import { channelRows, publish } from './support/operate.ts';
import { openTab, shifted, watchShifts } from './support/tab.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const VARIANTS = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'light', forcedColors: 'active' },
} as const;

/** The rules of axe that a colour scheme can break. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Each page, what shows that it is there, and what leads to it from any. */
const PAGES: readonly (readonly [title: string, sign: string])[] = [
  ['Learn', '.claim'],
  ['Networks', '.matrix'],
  ['Playground', '[data-state=ready]'],
  ['Inspector', '.overhead'],
  ['Scenarios', '.scenario-list section'],
  ['Choose', '.measured'],
  ['Try', '.tabs li'],
  ['Operate', '.nodes code'],
  ['Overview', '.wire[data-state=ready]'],
];

interface Axe {
  run(options: object): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>;
}

/** @param rules default: all */
async function findings(tab: Page, rules?: readonly string[]): Promise<string[]> {
  // As the browser's own tools do it: the page's policy lets no script in.
  await tab.evaluate(AXE);
  return tab.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run(runOnly ? { runOnly } : {});
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`,
    );
  }, rules);
}

test('axe finds nothing on any page: light, dark and in forced colours', async (t) => {
  const { url } = await startServe(t, ['--graphql', '--grpc']);
  await publish(url, 'news', 'something');
  const tab = await openTab(t, `${url}/choose`);
  await tab.setViewportSize({ width: 1440, height: 900 });
  const examine = async (title: string) => {
    for (const [name, media] of Object.entries(VARIANTS)) {
      await tab.emulateMedia(media);
      // The document is the same in each: only what is seen of it has to be looked at again.
      const rules = name === 'light' ? undefined : OF_COLOURS;
      assert.deepEqual(await findings(tab, rules), [], `${title}, ${name}`);
    }
  };
  for (const [title, sign] of PAGES) {
    await tab.getByRole('link', { name: title, exact: true }).first().click();
    await tab.locator(sign).first().waitFor();
    await examine(title);
    if (title === 'Learn') {
      const lessons = tab.getByRole('navigation', { name: 'Lessons' }).getByRole('link');
      for (let nth = 1; nth < (await lessons.count()); nth++) {
        await lessons.nth(nth).click();
        await tab.locator('.lessons li').nth(nth).locator('[aria-current]').waitFor();
        await tab.locator('.claim').first().waitFor();
        await examine(`lesson ${nth + 1}`);
      }
    }
    if (title === 'Networks') {
      for (const [view, sign] of [
        ['Drive one', '.acts'],
        ['Your network', '[data-exit]'],
      ] as const) {
        await tab.getByRole('link', { name: view }).click();
        await tab.locator(sign).waitFor();
        await examine(view);
      }
    }
    if (title === 'Scenarios') {
      await tab.getByRole('link', { name: 'Chat' }).click();
      await tab.locator('.code').last().waitFor();
      await examine('a scenario');
    }
    if (title === 'Operate') {
      await channelRows(tab, 'news').getByRole('link').click();
      await tab.getByText('something', { exact: true }).waitFor();
      await examine('a channel');
    }
  }
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

  for (const [title, sign] of PAGES.slice(3, 8)) {
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
