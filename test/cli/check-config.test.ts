import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runCli } from '../support/cli.ts';

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'fanwire-check-'))));
after(() => rm(folder, { recursive: true }));

test('a good file is ok', async (t) => {
  const file = join(folder, 'good.mjs');
  await writeFile(file, 'export default { requests: { add: ({ a, b }) => a + b } }');
  const { code, stdout } = await runCli(t, ['check-config', file]);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: `${file} is ok\n` });
});

test('every fault of a bad file is listed, and nothing serves it', async (t) => {
  const file = join(folder, 'bad.json');
  await writeFile(file, '{"prot": 1, "heartbeatMs": 5}');
  const sentences = [
    `fanwire: ${file} can't be served:`,
    '  prot: found the key "prot", expected a known key (did you mean port?)',
    '  heartbeatMs: found 5, expected a whole number, 1000 to 30000',
  ];
  for (const args of [
    ['check-config', file],
    ['serve', '--config', file],
  ]) {
    const { code, stderr } = await runCli(t, args);
    assert.equal(code, 1);
    assert.deepEqual(new Set(stderr.trimEnd().split('\n')), new Set(sentences));
  }
});
