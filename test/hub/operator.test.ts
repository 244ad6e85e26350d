import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { createHub } from '../../src/index.ts';
import { type Answer, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';

const operatorToken = 'a-token-of-the-operator';
const secret = 'a secret of thirty-two bytes or more';

const read = (url: string, channel: string, token?: string): Promise<Answer> =>
  send(`${url}/channels/${channel}`, { headers: token ? { authorization: `Bearer ${token}` } : {} });

const publish = (url: string, channel: string, token?: string): Promise<Answer> =>
  send(`${url}/channels/${channel}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: '1',
  });

test('a hub open to everyone keeps the console’s channels for whoever shows the operator’s token', async (t) => {
  const { hub, url } = await startHub(t, { operatorToken });
  await hub.publish('console:nodes', 1);
  for (const token of [undefined, 'another-token-of-his', `${operatorToken}s`]) {
    assert.equal((await read(url, 'console:nodes', token)).status, 403);
    assert.equal((await read(url, 'console:nodes:presence', token)).status, 403);
    assert.equal((await read(url, 'scores,console:nodes', token)).status, 403);
    assert.equal((await publish(url, 'console:nodes', token)).status, 403);
    assert.equal((await read(url, 'scores', token)).status, 200);
  }
  assert.equal((await read(url, 'console:nodes', operatorToken)).status, 200);
  assert.equal((await publish(url, 'console:nodes', operatorToken)).status, 201);
});

test('where tokens are asked for, the operator’s opens everything that rules leave open', async (t) => {
  const { url } = await startHub(t, {
    operatorToken,
    authorise: { secret },
    channels: { sealed: { read: 'nobody' } },
  });
  assert.equal((await read(url, 'scores')).status, 401);
  assert.equal((await read(url, 'scores', operatorToken)).status, 200);
  assert.equal((await publish(url, 'scores', operatorToken)).status, 201);
  assert.equal((await read(url, 'sealed', operatorToken)).status, 403);

  const granted = (...patterns: string[]) =>
    new SignJWT({ fanwire: { read: patterns } })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret));
  assert.equal((await read(url, 'console:nodes', await granted('console:*'))).status, 200);
  // Whoever meant every channel of the application did not mean the hub's own.
  assert.equal((await read(url, 'console:nodes', await granted('*'))).status, 403);
  assert.equal((await read(url, 'scores', await granted('*'))).status, 200);
});

test('without an operator’s token an open hub keeps nothing for anybody', async (t) => {
  const { url } = await startHub(t);
  assert.equal((await read(url, 'console:nodes')).status, 200);
});

test('an operator’s token that could be guessed is refused', () => {
  assert.throws(() => createHub({ operatorToken: 'short' }), /operatorToken.*16 characters/);
});
