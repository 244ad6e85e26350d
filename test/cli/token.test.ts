import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { runCli } from '../support/cli.ts';

const SECRET = 's'.repeat(32);

test('a token holds the grants, the subject and the time that were asked for', async (t) => {
  const args = [
    'token',
    '--read',
    'scores,chat.*',
    '--read',
    'news',
    '--publish',
    'chat.*',
    '--subject',
    'ann',
  ];
  const { stdout, stderr } = await runCli(t, [...args, '--expires', '15m'], { FANWIRE_SECRET: SECRET });
  assert.equal(stderr, '');
  const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(SECRET));
  assert.deepEqual(payload.fanwire, { read: ['scores', 'chat.*', 'news'], publish: ['chat.*'] });
  assert.equal(payload.sub, 'ann');
  assert.equal(payload.exp! - payload.iat!, 15 * 60);
});

test('without a secret one is made, and stdout is still the token alone', async (t) => {
  const { stdout, stderr } = await runCli(t, ['token', '--publish', '*']);
  const secret = /FANWIRE_SECRET=(\S+) fanwire serve/.exec(stderr)?.[1];
  assert.ok(secret);
  const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(secret));
  assert.deepEqual(payload.fanwire, { read: [], publish: ['*'] });
});

test('a secret too short for HS256 is refused', async (t) => {
  const { code, stderr } = await runCli(t, ['token', '--read', '*', '--secret', 'short']);
  assert.equal(code, 2);
  assert.match(stderr, /5 bytes, and HS256 needs 32/);
});
