import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startConsole } from '../../console/support/places.ts';
import { isLookedAt, type VariantName } from '../../console/support/variants.ts';
import { openWebKit } from '../../support/browsers/webkit.ts';
import { lookFor } from './console-looks.ts';

/** The themes of GTK, with the variants that each is for. WebKit has no forced colours: see the last test. */
const THEMES: Readonly<Record<string, readonly VariantName[]>> = {
  Adwaita: ['light', '200 %', 'phone'],
  'Adwaita:dark': ['dark', 'phone, dark'],
};
/** The bar of its window lets it be no narrower. */
const PHONE_WIDTH = 450;

// Side by side: each waits for its pages most of the time.
describe('in WebKit axe finds nothing on any page, and nothing is cut off', { concurrency: true }, () => {
  for (const [theme, variants] of Object.entries(THEMES)) {
    test(variants.join(', '), async (t) => {
      const { url, places } = await startConsole(t);
      const tab = await openWebKit(t, theme);
      const looks = { engine: 'WebKit', tab, url, places, phoneWidth: PHONE_WIDTH };
      assert.deepEqual(await lookFor({ ...looks, variants: variants.filter(isLookedAt) }), []);
    });
  }

  test('a theme of high contrast is more contrast to a page, and no forced colours', async (t) => {
    const tab = await openWebKit(t, 'HighContrast');
    const matching = await tab.run(() =>
      ['(prefers-contrast: more)', '(forced-colors: none)', '(forced-colors: active)'].filter(
        (query) => matchMedia(query).matches,
      ),
    );
    assert.deepEqual(matching, ['(prefers-contrast: more)', '(forced-colors: none)']);
  });
});
