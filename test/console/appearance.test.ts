import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { publish } from './support/operate.ts';
import { axeFindings, layoutFaults, PATHS, PLACES, show } from './support/places.ts';
import { keepPicture } from './support/screenshots.ts';
import { openTab } from './support/tab.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const DESKTOP = { width: 1440, height: 900 };

/** Each with the window's size. At 200 % a page has half its width. */
const VARIANTS = {
  light: { ...DESKTOP, colorScheme: 'light', forcedColors: 'none' },
  dark: { ...DESKTOP, colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { ...DESKTOP, colorScheme: 'light', forcedColors: 'active' },
  '200 %': { width: 720, height: 450, colorScheme: 'light', forcedColors: 'none' },
  phone: { width: 390, height: 844, colorScheme: 'light', forcedColors: 'none' },
  'phone, dark': { width: 390, height: 844, colorScheme: 'dark', forcedColors: 'none' },
} as const;

/** The rules of axe that a colour scheme can break, and those that a narrow window can. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const OF_SIZES = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'landmark-unique'];
const RULES: Readonly<Record<keyof typeof VARIANTS, readonly string[] | undefined>> = {
  light: undefined,
  dark: OF_COLOURS,
  'forced colours': OF_COLOURS,
  '200 %': OF_SIZES,
  phone: OF_SIZES,
  'phone, dark': OF_COLOURS,
};

test('axe finds nothing on any page, and nothing is cut off: both schemes, forced colours, 200 %, a phone', async (t) => {
  const { url } = await startServe(t, ['--graphql', '--grpc']);
  await publish(url, 'news', 'something');
  const tab = await openTab(t, 'about:blank');
  const faults: string[] = [];
  for (const place of PLACES) {
    await tab.setViewportSize(DESKTOP);
    await show(tab, url, place);
    // As the browser's own tools do it: the page's policy lets no script in.
    await tab.evaluate(AXE);
    for (const [name, { width, height, ...media }] of Object.entries(VARIANTS)) {
      await tab.emulateMedia(media);
      await tab.setViewportSize({ width, height });
      const found = [
        ...(await tab.evaluate(axeFindings, RULES[name as keyof typeof VARIANTS])),
        ...(await tab.evaluate(layoutFaults)),
      ];
      faults.push(...found.map((fault) => `${place[0]}, ${name}: ${fault}`));
      await keepPicture(place[0], name, () => tab.screenshot({ fullPage: true }));
    }
  }
  assert.deepEqual(faults, []);
});

test('every page of the console is among those that are looked at', () => {
  const looked = PLACES.map(([path]) => path);
  for (const path of PATHS) assert.ok(looked.includes(path), path);
});
