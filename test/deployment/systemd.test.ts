import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDirectory } from '../support/directory.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';
import { operatorHeaders, SECRET, startServed } from './served-hub.ts';

/*
 * systemd itself does not run the unit: it would have to be the first process of the machine. It reads and judges it, and the
 * unit's command is run with what the unit sets.
 */

const OPERATOR_TOKEN = '5f2c0e9a7b1d4c3e8a6f';
const UNIT = 'deploy/fanwire.service';
const TEXT = readFileSync(UNIT, 'utf8');

/** Tenths of its own scale, on which 10 is exposed. */
const MOST_EXPOSED = '20';

function all(key: string): string[] {
  return [...TEXT.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value!);
}

function one(key: string): string {
  const values = all(key);
  assert.equal(values.length, 1, key);
  return values[0]!;
}

test('systemd finds no fault in the unit, and little that it exposes', async (t) => {
  const file = join(await makeDirectory(t), 'fanwire.service');
  // Node may be elsewhere here.
  writeFileSync(file, TEXT.replace('/usr/bin/node', process.execPath));
  const ask = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
    return stderr;
  };
  assert.equal(ask('verify'), '');
  ask('security', '--offline=true', `--threshold=${MOST_EXPOSED}`);
});

test("the unit's command serves with what the unit sets, keeps history in its directory, and ends in time", async (t) => {
  const directory = await makeDirectory(t);
  const places: Readonly<Record<string, string>> = { '%S': join(directory, 'state'), '%d': directory };
  const state = join(directory, 'state', one('StateDirectory'));
  mkdirSync(state, { recursive: true });
  const expand = (text: string) => text.replace(/%[Sd]/g, (specifier) => places[specifier]!);
  // Whoever follows the unit's first lines has made these files.
  const made: Readonly<Record<string, string>> = {
    '/etc/fanwire/secret': SECRET,
    '/etc/fanwire/operator-token': OPERATOR_TOKEN,
  };
  for (const credential of all('LoadCredential')) {
    const [name = '', source = ''] = credential.split(':');
    assert.ok(TEXT.includes(`> ${source}\n`), source);
    writeFileSync(join(directory, name), `${made[source]}\n`);
  }

  const env = Object.fromEntries(
    all('Environment').map((pair) => expand(pair).split('=') as [string, string]),
  );
  const [node, main, ...args] = one('ExecStart').split(' ');
  assert.equal(node, '/usr/bin/node');
  const installed = main!.replace('/opt/fanwire/node_modules/fanwire/', '');
  assert.equal(one('KillSignal'), 'SIGTERM');

  const command = [process.execPath, installed, ...args];
  const hub = await startServed(t, command, { env, port: await freePort() });
  const headers = { ...(await operatorHeaders()), 'content-type': 'text/plain' };
  const answer = await send(`${hub.url}/channels/news`, { method: 'POST', headers, body: 'it works' });
  assert.equal(answer.status, 201);
  const asOperator = { authorization: `Bearer ${OPERATOR_TOKEN}` };
  assert.equal((await send(`${hub.url}/channels/console:computer`, { headers: asOperator })).status, 200);
  assert.ok(readFileSync(join(state, 'data.mdb')).includes('it works'));
  await hub.endsWithin(Number(one('TimeoutStopSec')));
});
