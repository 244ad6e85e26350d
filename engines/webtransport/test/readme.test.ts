import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../src/limits.ts';

test('README.md lists every limit with its default', () => {
  const text = readFileSync('engines/webtransport/README.md', 'utf8');
  const listed = [...text.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, value]) => [
    name,
    Number(value!.replaceAll(',', '')),
  ]);
  assert.deepEqual(listed, Object.entries(DEFAULT_LIMITS));
});
