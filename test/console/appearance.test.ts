import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { axeFindings, fillsLost, layoutFaults, PATHS, PLACES, show, startConsole } from './support/places.ts';
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
        ...(forcedColours ? await tab.evaluate(fillsLost) : []),
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

test('a rule of a page’s sheet meets no other page: all sheets are loaded, whichever page is shown', async (t) => {
  const pages = 'src/console/web/pages';
  const sheets = readdirSync(pages, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.css'))
    .map((path) => ({ path, text: readFileSync(join(pages, path), 'utf8') }));
  const tab = await openTab(t, 'about:blank');
  for (const { path, text } of sheets) {
    const selectors = await tab.evaluate(selectorsOf, text);
    assert.ok(selectors.length > 0, path);
    const own = `.${path.split('/')[0]}`;
    for (const selector of selectors) assert.ok(selector.split(/[ :]/)[0] === own, `${path}: ${selector}`);
  }
});

/** Of all rules of a sheet, those within conditions too, but not the steps of animations. */
function selectorsOf(text: string): string[] {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const within = (rules: CSSRuleList): string[] =>
    [...rules].flatMap((rule) => {
      if (rule instanceof CSSStyleRule) return rule.selectorText.split(/, (?![^(]*\))/);
      return rule instanceof CSSGroupingRule ? within(rule.cssRules) : [];
    });
  return within(sheet.cssRules);
}
