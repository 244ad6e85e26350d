import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPages } from '../support/browser.ts';
import { allBlocks, blocksOf, placeOf } from './markdown.ts';
import { serversOf, startServer } from './programs.ts';

for (const block of allBlocks('html')) {
  test(`${placeOf(block)}: what a visitor writes is seen by another`, { timeout: 60_000 }, async (t) => {
    // The first page of a document belongs to its first server, the second to the second.
    const nth = blocksOf(block.document)
      .filter(({ kind }) => kind.startsWith('html '))
      .findIndex(({ line }) => line === block.line);
    const server = serversOf(block.document)[nth];
    assert.ok(server, 'it has no server');
    const port = await startServer(t, server, [block]);
    const url = `http://127.0.0.1:${port}`;
    const [writer, reader] = await openPages(t, url, 2);
    for (const page of [writer!, reader!]) await page.goto(`${url}/`);
    await writer!.getByRole('textbox').fill('hello');
    await writer!.getByRole('button', { name: 'Send' }).click();
    await reader!.getByRole('listitem').filter({ hasText: 'hello' }).waitFor();
  });
}
