import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadConfig } from './load.ts';

const SECRET = 's'.repeat(32);
let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'fanwire-config-'))));
after(() => rm(folder, { recursive: true }));

async function load(name: string, content: string, environment = {}) {
  const file = join(folder, name);
  await writeFile(file, content);
  return loadConfig(file, environment);
}

test('JSON and modules are read', async () => {
  assert.deepEqual(await load('a.json', '{"port":1}'), { ok: true, config: { port: 1 } });
  assert.deepEqual(await load('a.mjs', 'export default { port: 2 }'), { ok: true, config: { port: 2 } });
});

test('a file that cannot be read says why', async () => {
  const failing: [string, string, RegExp][] = [
    ['b.json', '{"port":', /JSON/],
    ['b.mjs', 'export const port = 1', /no default export/],
    ['b.yaml', 'port: 1', /ends in \.json/],
  ];
  for (const [name, content, expected] of failing) {
    const checked = await load(name, content);
    assert.ok(!checked.ok, name);
    assert.match(checked.faults.join(), expected);
  }
  const missing = await loadConfig(join(folder, 'none.json'), {});
  assert.match(missing.ok ? '' : missing.faults.join(), /no such file/);
});

test('TypeScript is read where Node does so by itself, else a sentence says what is needed', async () => {
  const checked = await load('c.ts', 'export default { port: 3 as number }');
  const strips = 'typescript' in process.features && process.features.typescript;
  if (strips) assert.deepEqual(checked, { ok: true, config: { port: 3 } });
  else assert.match(checked.ok ? '' : checked.faults.join(), /Node 22\.18 or newer/);
});

test('the secret comes from the environment, before the file', async () => {
  const environment = { FANWIRE_SECRET: SECRET };
  const alone = await loadConfig(undefined, environment);
  assert.deepEqual(alone, { ok: true, config: { authorise: { secret: SECRET } } });
  const both = await load('d.json', '{"authorise":{"secret":"short","issuer":"me"}}', environment);
  assert.deepEqual(both, { ok: true, config: { authorise: { secret: SECRET, issuer: 'me' } } });
});

test('a file that takes its tokens another way keeps it', async () => {
  const config = { authorise: { jwksUrl: 'https://issuer.example/keys' } };
  const checked = await load('e.json', JSON.stringify(config), { FANWIRE_SECRET: SECRET });
  assert.deepEqual(checked, { ok: true, config });
});

test('a secret in the environment that is too short is refused', async () => {
  const checked = await loadConfig(undefined, { FANWIRE_SECRET: 'short' });
  assert.match(checked.ok ? '' : checked.faults.join(), /32 bytes/);
});
