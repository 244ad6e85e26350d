import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tint } from './tint.ts';

const kinds = (source: string) =>
  tint(source)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind} ${text}`);

test('comments, strings and keywords are told apart, and nothing of the source is lost', () => {
  const source =
    "export const a = 'it’s // no comment'; // for you\n/* new */ x.from(`b, c`) ? returned : null;\n";
  assert.deepEqual(kinds(source), [
    'keyword export',
    'keyword const',
    "string 'it’s // no comment'",
    'comment // for you',
    'comment /* new */',
    'string `b, c`',
    'keyword null',
  ]);
  assert.equal(
    tint(source)
      .map(({ text }) => text)
      .join(''),
    source,
  );
});

test('a property that is called like a keyword is none', () => {
  assert.deepEqual(kinds("{ from: received, default: a }; a.of(b); const { delete: c } = '\\''"), [
    'keyword const',
    "string '\\''",
  ]);
});
