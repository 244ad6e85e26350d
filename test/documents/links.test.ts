import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { anchorOf, DOCUMENTS, headingsOf, linksOf } from './markdown.ts';

for (const document of DOCUMENTS) {
  test(`the links of ${document} lead somewhere`, () => {
    for (const link of linksOf(document).filter((target) => !/^https?:/.test(target))) {
      const [path, anchor] = link.split('#') as [string, string?];
      const target = path === '' ? document : join(dirname(document), path);
      assert.ok(existsSync(target), link);
      if (anchor !== undefined) assert.ok(headingsOf(target).map(anchorOf).includes(anchor), link);
    }
  });
}
