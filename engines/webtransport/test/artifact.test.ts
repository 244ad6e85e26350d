import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const FOLDER = 'engines/webtransport';

test('the engine is what its sources make', async (t) => {
  const { compile, findGo, readWasmExec, sha256 } = await import(pathToFileURL(`${FOLDER}/build.mjs`).href);
  const [hash, , version] = readFileSync(`${FOLDER}/engine.sha256`, 'utf8').trim().split(/\s+/);
  const shipped = brotliDecompressSync(readFileSync(`${FOLDER}/engine.wasm.br`));
  assert.equal(sha256(shipped), hash);
  if (findGo() !== version) {
    t.diagnostic(`not built again, which needs ${version}: only held to its hash`);
    return;
  }
  assert.equal(sha256(compile()), hash, 'build it again: node engines/webtransport/build.mjs');
  assert.ok(readWasmExec().equals(readFileSync(`${FOLDER}/wasm_exec.cjs`)));
});
