import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDirectory } from '../support/directory.ts';

const COMMITTED = 'src/grpc/gen';

function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'));
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

test('what is generated from proto/ is what is committed', async (t) => {
  const fresh = await makeDirectory(t);
  execFileSync(process.execPath, ['scripts/generate-grpc.mjs', fresh], { stdio: 'pipe' });
  assert.deepEqual(filesOf(fresh), filesOf(COMMITTED));
});
