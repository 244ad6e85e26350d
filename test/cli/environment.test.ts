import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, startCli, startServe } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';

test('the environment names the config file and overrides it; the command line overrides both', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fanwire-environment-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'fanwire.config.json');
  writeFileSync(file, '{"host":"127.0.0.3","port":1,"basePath":"/of-the-file","limits":{"messageBytes":10}}');
  const environment = { FANWIRE_CONFIG: file, FANWIRE_PORT: '2', FANWIRE_HOST: '127.0.0.2' };
  const { url } = await startServe(t, ['--port', '0', '--host', '127.0.0.1'], {
    ...environment,
    FANWIRE_BASE_PATH: '/of-the-environment',
  });
  const answer = await send(`${url}/of-the-environment/channels/a`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'more than ten bytes',
  });
  assert.equal(answer.json().code, 'message_too_large');
});

test('the environment alone configures a hub, workers and port included', async (t) => {
  const port = await freePort();
  const environment = { FANWIRE_PORT: `${port}`, FANWIRE_WORKERS: '2', FANWIRE_CONSOLE: 'false' };
  const refused = await runCli(t, ['serve'], environment);
  assert.match(refused.stderr, /2 workers need a log that they share/);
  const cli = startCli(t, ['serve'], { ...environment, FANWIRE_WORKERS: '1', FANWIRE_DASHBOARD: 'x' });
  assert.equal(await cli.nextLine(), `fanwire listens on http://127.0.0.1:${port}`);
  assert.match(
    await cli.says(/\n/),
    /^fanwire: FANWIRE_DASHBOARD: no option has this variable; it is ignored\n$/,
  );
});

test('a wrong value or name keeps the hub from starting', async (t) => {
  const environment = { FANWIRE_PORT: 'eighty', FANWIRE_ORIGINS: 'app.example', FANWIRE_SECERT: 'x' };
  const { code, stderr } = await runCli(t, ['serve'], environment);
  assert.equal(code, 1);
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    "fanwire: the environment can't be served:",
    '  FANWIRE_SECERT: no option has this variable (did you mean FANWIRE_SECRET?)',
    '  FANWIRE_ORIGINS[0]: found "app.example", expected an origin such as https://app.example',
    '  FANWIRE_PORT: found "eighty", expected a whole number, 0 to 65535',
  ]);
  const workers = await runCli(t, ['serve'], { FANWIRE_WORKERS: 'all' });
  assert.match(workers.stderr, /FANWIRE_WORKERS takes a whole number from 1 to 1024, not all/);
});
