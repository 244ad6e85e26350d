import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block } from './markdown.ts';

/** The fenced examples in the comments of the source. */
export function docstringExamples(): Block[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .sort()
    .flatMap((name) => examplesOf(join('src', name)));
}

function examplesOf(document: string): Block[] {
  const source = readFileSync(document, 'utf8');
  return [...source.matchAll(/^ *\* ```(.+)\n((?: *\*.*\n)*?) *\* ```$/gm)].map(
    ({ index, 1: kind, 2: text }) => ({
      document,
      line: source.slice(0, index).split('\n').length,
      kind: kind!,
      text: text!.replace(/^ *\* ?/gm, ''),
    }),
  );
}
