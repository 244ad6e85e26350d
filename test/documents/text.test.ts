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

/** Each line's first word, below the line that it is indented under, and the folders and files that the rest names. */
function pathsIn(map: string): string[] {
  const paths: string[] = [];
  let parent = '';
  for (const line of map.trimEnd().split('\n')) {
    const [, indent = '', first = '', rest = ''] = /^( *)(\S+)(.*)$/.exec(line)!;
    if (indent === '') parent = first;
    const path = indent === '' ? first : parent + first;
    paths.push(path);
    for (const [name] of rest.matchAll(/[\w-]+(?:\/|\.ts)(?=[\s,;]|$)/g))
      paths.push((path.endsWith('/') ? path : parent) + name);
  }
  return paths;
}
