import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DOCUMENTS, linksOf } from './markdown.ts';

const MAP = 'docs/README.md';

test(`${MAP} leads to every document for users`, () => {
  const linked = linksOf(MAP).map((link) => join('docs', link));
  const documents = DOCUMENTS.filter(
    (path) => path !== MAP && (/^docs\/[^/]+$/.test(path) || ['PROTOCOL.md', 'SECURITY.md'].includes(path)),
  );
  assert.deepEqual(
    documents.filter((path) => !linked.includes(path)),
    [],
  );
});
