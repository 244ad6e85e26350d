import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli, startCli, startServe } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';

test('a hub that is well is told to be, by its URL', async (t) => {
  const { url } = await startServe(t);
  const { code, stdout } = await runCli(t, ['health', '--url', url]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).status, 'ok');
});

test('it is found by its own configuration: port, base path, names and certificate', async (t) => {
  const port = `${await freePort()}`;
  const environment = {
    FANWIRE_HOST: '0.0.0.0',
    FANWIRE_ANONYMOUS: 'true',
    FANWIRE_PORT: port,
    FANWIRE_BASE_PATH: '/realtime',
    FANWIRE_HOSTS: 'hub.example',
    FANWIRE_TLS: 'self-signed',
  };
  const asked = () => runCli(t, ['health'], environment);
  const before = await asked();
  assert.equal(before.code, 1);
  assert.match(
    before.stderr,
    new RegExp(`^fanwire: https://127\\.0\\.0\\.1:${port} can't be reached: .*ECONNREFUSED`),
  );
  await startCli(t, ['serve'], environment).nextLine();
  assert.deepEqual(await asked().then(({ code, stderr }) => [code, stderr]), [0, '']);
});

test('what is no hub, or not well, is told with its answer', async (t) => {
  const { url } = await startServe(t);
  const { code, stderr } = await runCli(t, ['health', '--url', `${url}/elsewhere`]);
  assert.equal(code, 1);
  assert.match(stderr, /\/elsewhere answers 404: /);
});
