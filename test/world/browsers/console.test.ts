import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { publish } from '../../console/support/operate.ts';
import { axeFindings, layoutFaults, PLACES } from '../../console/support/places.ts';
import { keepPicture } from '../../console/support/screenshots.ts';
import { openFirefox } from '../../support/browsers/firefox.ts';
import { openWebKit } from '../../support/browsers/webkit.ts';
import { startServe } from '../../support/cli.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP = [1440, 900] as const;
/** What an engine may draw otherwise than Chromium, whose tests ask all rules. */
const RULES = ['color-contrast'];

/** The bar of WebKit's window lets it be no narrower. */
const ENGINES = {
  Firefox: { open: openFirefox, phone: [390, 844] },
  WebKit: { open: openWebKit, phone: [450, 844] },
} as const;

// Side by side: each waits for its pages most of the time.
describe('every page of the console is whole, on a desktop and a phone', { concurrency: true }, () => {
  for (const [engine, { open, phone }] of Object.entries(ENGINES)) {
    test(`in ${engine}`, async (t) => {
      const { url } = await startServe(t, ['--graphql', '--grpc']);
      await publish(url, 'news', 'something');
      const tab = await open(t);
      const faults: string[] = [];
      for (const [path, sign] of PLACES) {
        await tab.show(url + path);
        await tab.run(untilThere, sign);
        await tab.load(AXE);
        for (const [device, [width, height]] of Object.entries({ desktop: DESKTOP, phone })) {
          await tab.resize(width, height);
          await tab.run(untilWide, width);
          const found = [...(await tab.run(axeFindings, RULES)), ...(await tab.run(layoutFaults))];
          faults.push(...found.map((fault) => `${path}, ${device}: ${fault}`));
          await keepPicture(path, `${engine}-${device}`, tab.picture);
        }
      }
      assert.deepEqual(faults, []);
    });
  }
});

/** Resolves in the page once it has what it shows. */
async function untilThere(sign: string): Promise<void> {
  while (!document.querySelector(sign)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A window is as large as it was asked to be some time later. */
async function untilWide(width: number): Promise<void> {
  while (innerWidth !== width) await new Promise((resolve) => setTimeout(resolve, 20));
}
