import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allBlocks, placeOf } from './markdown.ts';

/** Blocks in a language that the tests run as a file of the repository, which the block names: they have to be that file. */
export function assertFiles(language: 'go' | 'python'): void {
  for (const block of allBlocks(language)) {
    test(`${placeOf(block)}: the program is the file that is run`, () => {
      assert.equal(block.text, readFileSync(block.kind.slice(language.length + 1), 'utf8'));
    });
  }
}
