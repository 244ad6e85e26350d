import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** What stands on graphql-js. The others of this folder ask nothing more of it. */
const FILES = [
  '../../src/graphql/event-formats.test.js',
  '../../src/graphql/operation/limits.test.js',
  './http.test.js',
];

/** Has every import of graphql bring version 17, which stands beside the one that all else here needs. */
const HOOK = `export const resolve = (name, context, next) => next(name === 'graphql' ? 'graphql-17' : name, context)`;
const REGISTER = `import { register } from 'node:module'; register(${JSON.stringify(asModule(HOOK))});`;

function asModule(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

test('version 17 of graphql does as version 16 does', () => {
  // With it a test within a test is told to its parent, and not at all.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--no-warnings', '--import', asModule(REGISTER), ...args], {
      env,
      encoding: 'utf8',
    });
  const program = `import { version } from 'graphql'; console.log(version)`;
  assert.match(run('--input-type=module', '--eval', program).stdout, /^17\./);
  // In one process: to start each by itself takes longer than the tests.
  const imports = FILES.map(
    (file) => `await import(${JSON.stringify(new URL(file, import.meta.url).href)});`,
  );
  const { status, stdout } = run('--input-type=module', '--eval', imports.join(''));
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^(#|ℹ) pass [1-9]/m);
});
