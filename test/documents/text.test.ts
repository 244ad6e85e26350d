import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { allBlocks, placeOf } from './markdown.ts';

for (const block of allBlocks('text')) {
  const named = pathsIn(block.text);

  test(`${placeOf(block)}: every path on the map exists`, () => {
    assert.deepEqual(
      named.filter((path) => !existsSync(path)),
      [],
    );
  });

  test(`${placeOf(block)}: every folder of src/ is on the map`, () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      folders.map(({ name }) => `src/${name}/`).filter((path) => !named.includes(path)),
      [],
    );
  });
}

/** Each line's first word, below the lines that it is indented under, and the folders and files that the rest names. */
function pathsIn(map: string): string[] {
  const paths: string[] = [];
  /** The lines that are indented less, and their paths. */
  let above: { readonly depth: number; readonly path: string }[] = [];
  for (const line of map.trimEnd().split('\n')) {
    const [, indent = '', first = '', rest = ''] = /^( *)(\S+)(.*)$/.exec(line)!;
    above = above.filter(({ depth }) => depth < indent.length);
    const parent = above.at(-1)?.path ?? '';
    const path = parent + first;
    above.push({ depth: indent.length, path });
    paths.push(path);
    for (const [name] of rest.matchAll(/[\w-]+(?:\/|\.ts)(?=[\s,;]|$)/g))
      paths.push((path.endsWith('/') ? path : parent) + name);
  }
  return paths;
}
