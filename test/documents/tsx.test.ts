import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadModule, openPage } from '../support/browser.ts';
import { startHub } from '../support/hub.ts';
import { allBlocks, placeOf } from './markdown.ts';

/** The address that the documents' servers listen on; the test's hub takes its place. */
const SHOWN_URL = 'http://127.0.0.1:3000';

// Within the repository, so that a page there that imports fanwire gets what was built.
mkdirSync('.build', { recursive: true });
const folder = mkdtempSync(join('.build', 'documents-'));
after(() => rmSync(folder, { recursive: true }));

for (const block of allBlocks('tsx')) {
  test(`${placeOf(block)}: the page shows what is said`, { timeout: 60_000 }, async (t) => {
    const { hub, url } = await startHub(t);
    await hub.publish('scores', { home: 0, away: 0 });
    const page = await openPage(t, url);
    const file = join(folder, `${block.line}.tsx`);
    writeFileSync(file, block.text.replaceAll(SHOWN_URL, url));
    await loadModule(page, 'shown', file);
    for (const [, text] of block.text.matchAll(/\/\/ → (.*)/g))
      await page.getByText(text!, { exact: true }).waitFor();
  });
}
