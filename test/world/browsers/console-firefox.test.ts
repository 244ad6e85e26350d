import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startConsole } from '../../console/support/places.ts';
import { VARIANT_NAMES } from '../../console/support/variants.ts';
import { openFirefox } from '../../support/browsers/firefox.ts';
import { lookFor } from './console-looks.ts';

test('in Firefox axe finds nothing on any page, and nothing is cut off, in every variant', async (t) => {
  const { url, places } = await startConsole(t);
  const tab = await openFirefox(t);
  const { prefer } = tab;
  assert.deepEqual(
    await lookFor({ engine: 'Firefox', tab, url, places, variants: VARIANT_NAMES, prefer }),
    [],
  );
});
