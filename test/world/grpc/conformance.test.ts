import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDirectory } from '../../support/directory.ts';

const TOOLS = 'test/world/clients/grpc/tools';
const SERVER = '.build/test/world/grpc/conformance-server.js';
/** Of 1,764 with the version that the tools name: fewer would mean that a kind of call has been left out. */
const CASES_MIN = 1_700;

test('connectconformance has nothing against how calls are answered, over both versions of HTTP, with TLS and without', async (t) => {
  const [module] = JSON.parse(
    `[${execFileSync('go', ['list', '-C', TOOLS, '-m', '-json', 'connectrpc.com/conformance'], { encoding: 'utf8' })}]`,
  ) as [{ Dir: string }];
  const protos = join(module.Dir, 'proto');
  const files = readdirSync(protos, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.proto'));
  const descriptors = join(await makeDirectory(t), 'conformance.binpb');
  execFileSync('protoc', [
    '-I',
    protos,
    '--include_imports',
    `--descriptor_set_out=${descriptors}`,
    ...files,
  ]);
  const { stdout, stderr, status } = spawnSync(
    '.build/world/bin/connectconformance',
    [
      ...['--mode', 'server', '--conf', 'test/world/grpc/conformance.yaml', '--parallel', '4'],
      ...['--', process.execPath, SERVER, descriptors],
    ],
    { encoding: 'utf8', timeout: 110_000 },
  );
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
  assert.equal(status, 0, `${stdout.slice(-3000)}${stderr.slice(-1000)}`);
  assert.equal(failed, '0');
  assert.ok(Number(passed) >= CASES_MIN, `${passed} cases`);
});
