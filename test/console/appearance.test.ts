import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings, layoutFaults, PATHS, PLACES, show, startConsole } from './support/places.ts';
import { keepPicture } from './support/screenshots.ts';
import { openTab } from './support/tab.ts';
import { AXE, SIZES, VARIANT_NAMES, VARIANTS, type VariantName } from './support/variants.ts';

/** The rules of axe that a colour scheme can break, and those that a narrow window can. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const OF_SIZES = ['color-contrast', 'target-size', 'scrollable-region-focusable', 'landmark-unique'];
const RULES: Readonly<Record<VariantName, readonly string[] | undefined>> = {
  light: undefined,
  dark: OF_COLOURS,
  'forced colours': OF_COLOURS,
  '200 %': OF_SIZES,
  phone: OF_SIZES,
  'phone, dark': OF_COLOURS,
};

test('axe finds nothing on any page, and nothing is cut off: both schemes, forced colours, 200 %, a phone', async (t) => {
  const { url, places } = await startConsole(t);
  const tab = await openTab(t, 'about:blank');
  const faults: string[] = [];
  for (const place of places) {
    await tab.setViewportSize(SIZES.desktop);
    await show(tab, url, place);
    // As the browser's own tools do it: the page's policy lets no script in.
    await tab.evaluate(AXE);
    for (const name of VARIANT_NAMES) {
      const { size, dark, forcedColours } = VARIANTS[name];
      await tab.emulateMedia({
        colorScheme: dark ? 'dark' : 'light',
        forcedColors: forcedColours ? 'active' : 'none',
      });
      await tab.setViewportSize(SIZES[size]);
      const found = [
        ...(await tab.evaluate(axeFindings, RULES[name])),
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
