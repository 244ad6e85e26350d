import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectSdk } from '../hub/support/sdk.ts';
import { runCli, startServe } from '../support/cli.ts';
import { makeFastDirectory } from '../support/directory.ts';
import { send } from '../support/http.ts';

const FANWIRE_SECRET = 's'.repeat(32);
const FANWIRE_OPERATOR_TOKEN = 'an-operators-token-of-ours';

for (const [name, args] of [
  ['one process', async () => []],
  ['workers', async (t) => ['--workers', '2', '--log', `lmdb:${await makeFastDirectory(t)}`]],
  ['a hub without a console', async () => ['--no-console']],
] as [string, (t: import('node:test').TestContext) => Promise<string[]>][]) {
  test(`of ${name}, a user’s connections are ended, and with --revoke its tokens refused`, async (t) => {
    const serve = await startServe(t, await args(t), { FANWIRE_SECRET, FANWIRE_OPERATOR_TOKEN });
    const made = await runCli(t, ['token', '--read', '*', '--subject', 'ada'], { FANWIRE_SECRET });
    const token = made.stdout.trim();
    const open = (number: number) => connectSdk(t, serve.url, { token, client: `client-of-ada-${number}` });
    const command = ['disconnect', '--subject', 'ada', '--url', serve.url];
    const asOperator = (...more: string[]) =>
      runCli(t, [...command, ...more], { FANWIRE_TOKEN: FANWIRE_OPERATOR_TOKEN });

    const refused = await runCli(t, command, { FANWIRE_TOKEN: token });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /operator’s token.*\(forbidden\)/);

    const first = await Promise.all([1, 2, 3, 4].map(open));
    assert.equal((await asOperator()).stdout, 'ada: connections ended\n');
    for (const { closed } of first) assert.equal((await closed).code, 1012);

    const second = await Promise.all([1, 2, 3, 4].map(open));
    const revoked = await asOperator('--revoke');
    assert.equal(revoked.stdout, 'ada: tokens refused, connections ended\n', revoked.stderr);
    for (const { closed } of second) assert.equal((await closed).code, 4401);
    const headers = { authorization: `Bearer ${token}`, connection: 'close' };
    for (let asked = 0; asked < 4; asked++) {
      assert.equal((await send(`${serve.url}/channels/a`, { headers })).status, 401);
    }
  });
}
