import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { tableUnder } from './documents/markdown.ts';
import { unquoted } from './documents/tables.ts';
import { makeDirectory } from './support/directory.ts';

const NAMES = 'src/protocol/transport-name.ts';

test('a transport that has only a name compiles nowhere but where ARCHITECTURE.md says', async (t) => {
  const copy = await makeDirectory(t);
  for (const part of [
    'src',
    'test',
    'conformance',
    'bench',
    'scripts',
    'engines',
    'examples',
    'tsconfig.json',
    'package.json',
  ]) {
    cpSync(part, join(copy, part), {
      recursive: true,
      filter: (path) => !/(^|\/)(node_modules|dist)$/.test(path),
    });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  const names = readFileSync(NAMES, 'utf8');
  const dummy = names.replace(/,?\s*\](?= as const)/, ", 'dummy']");
  assert.notEqual(dummy, names);
  writeFileSync(join(copy, NAMES), dummy);
  const compiler = resolve('node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '--noEmit', '-p', copy], {
    cwd: copy,
    encoding: 'utf8',
  });
  const touched = [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file!);
  const rows = tableUnder('ARCHITECTURE.md', 'A new transport');
  assert.deepEqual([NAMES, ...new Set(touched)].sort(), rows.map(([file]) => unquoted(file!)).sort(), stdout);
});
