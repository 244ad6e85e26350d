import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { blocksOf, DOCUMENTS, placeOf } from './markdown.ts';

/** Each of these files runs all the blocks whose kind begins with its name. */
const RUN_BY = (word: string) => `test/documents/${word}.test.ts`;

for (const document of DOCUMENTS) {
  test(`every code block of ${document} is of a kind that is run`, () => {
    for (const block of blocksOf(document)) {
      const [word = ''] = block.kind.split(' ');
      assert.ok(
        /^\w+$/.test(word) && existsSync(RUN_BY(word)),
        `${placeOf(block)}: nothing runs "${block.kind}"`,
      );
    }
  });
}
