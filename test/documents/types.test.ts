import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { type PackedProject, packedProject } from '../support/packed.ts';
import { docstringExamples } from './docstrings.ts';
import { allBlocks, type Block, placeOf } from './markdown.ts';

// A part of a file of the examples knows names that the document does not show. Another test compares it with its file.
const isWhole = ({ kind }: Block) => kind.split(' ')[1] !== 'file';
const BLOCKS = [...['js', 'ts', 'tsx'].flatMap(allBlocks).filter(isWhole), ...docstringExamples()];
const FLAGS = {
  strict: true,
  checkJs: true,
  noEmit: true,
  skipLibCheck: true,
  target: 'ES2022',
  module: 'NodeNext',
  jsx: 'react-jsx',
  types: 'node',
};

let project: PackedProject;
let faults: readonly string[];

before(() => {
  project = packedProject();
  for (const block of BLOCKS) writeFileSync(join(project.folder, fileOf(block)), block.text);
  const flags = Object.entries(FLAGS).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const args = [resolve('node_modules/typescript/bin/tsc'), ...flags, ...BLOCKS.map(fileOf)];
  const { stdout } = spawnSync(process.execPath, args, { cwd: project.folder, encoding: 'utf8' });
  faults = stdout.split('\n').filter((line) => line.includes('error TS'));
});
after(() => project.remove());

for (const block of BLOCKS) {
  test(`${placeOf(block)}: a strict compiler takes it as it stands`, () => {
    assert.deepEqual(
      faults.filter((fault) => fault.startsWith(`${fileOf(block)}(`)),
      [],
    );
  });
}

test('the compiler has nothing else to say of the documents', () => {
  const named = BLOCKS.map((block) => `${fileOf(block)}(`);
  assert.deepEqual(
    faults.filter((fault) => !named.some((name) => fault.startsWith(name))),
    [],
  );
});

function fileOf(block: Block): string {
  const [language] = block.kind.split(' ');
  return `${placeOf(block).replace(/\W/g, '-')}.${language}`;
}
