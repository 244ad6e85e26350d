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

test('of a hub that others can reach it says what is advised, with the places, and nothing of one that has it all', async (t) => {
  const check = async (config: object) => {
    const file = join(folder, 'public.json');
    await writeFile(file, JSON.stringify(config));
    const { code, stdout } = await runCli(t, ['check-config', file]);
    assert.equal(code, 0);
    return stdout.trimEnd().split('\n').slice(1);
  };
  const advised = await check({
    host: '0.0.0.0',
    anonymous: true,
    origins: '*',
    limits: { messageBytes: 2 ** 21, waitSeconds: 30, bodyBytesPerSecond: 1 },
    channels: { 'chat.*': { publish: 'anyone' }, video: { retain: { bytes: 2 ** 30 } } },
  });
  assert.deepEqual(
    advised.map((line) => line.split(':')[0]),
    [
      'For a hub that other computers can reach (docs/deployment.md)',
      '  Set `authorise`',
      '  Set `tls`, or put a proxy in front that ends TLS, and set `trustProxy`',
      '  Set `hosts`',
      '  List the pages in `origins`, in place of "*"',
      '  Set `operatorToken`, or `console',
      '  Let nobody publish without a token (chat.*)',
      '  Keep the limits at their defaults (messageBytes, bodyBytesPerSecond)',
      '  Keep `retain.bytes` at 16 MiB or less (video)',
    ],
  );
  const authorise = { jwksUrl: 'https://login.example/keys' };
  const behind = { trustProxy: true, hosts: ['hub.example'], console: false };
  const [, ...lacking] = await check({ ...behind, authorise: { ...authorise, urlParameter: 'token' } });
  assert.deepEqual(
    lacking.map((line) => line.split(':')[0]),
    ['  Set `authorise.audience`', '  Leave `authorise.urlParameter` out'],
  );
  assert.deepEqual(await check({ ...behind, authorise: { ...authorise, audience: 'hub' } }), []);
});
