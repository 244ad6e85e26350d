import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openResponse, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';

const PATH = '/connect/echo';

test('a request is told what of it has arrived, and no secret', async (t) => {
  const { url, port } = await startHub(t);
  const before = Date.now();
  const answer = await send(`${url}${PATH}`, {
    headers: {
      origin: url,
      authorization: 'Basic c2VjcmV0',
      cookie: 'session=secret',
      via: '1.0 cache',
      'x-forwarded-for': '203.0.113.7, 10.0.0.3',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'hub.example',
    },
  });
  const { time, ...seen } = answer.json();
  assert.deepEqual(seen, {
    host: `127.0.0.1:${port}`,
    tls: false,
    httpVersion: '1.1',
    authorization: true,
    origin: url,
    forwarded: { for: 2, proto: 'https', host: 'hub.example' },
    via: '1.0 cache',
  });
  assert.ok(time >= before && time <= Date.now());
  assert.doesNotMatch(answer.text, /secret|203\.0\.113|10\.0\.0/);
  assert.equal(answer.headers['cache-control'], 'no-store');
});

test('who shows no token is answered, who shows a wrong one, or comes from a page of elsewhere, is refused', async (t) => {
  const { url } = await startHub(t, { authorise: { secret: 'x'.repeat(32) } });
  assert.equal((await send(`${url}${PATH}`)).status, 200);
  const refused = async (headers: Record<string, string>) =>
    (await send(`${url}${PATH}`, { headers })).json().code;
  assert.equal(await refused({ authorization: 'Bearer none' }), 'unauthenticated');
  assert.equal(await refused({ origin: 'https://evil.example' }), 'origin_not_allowed');
});

test('it counts among the requests that an address may have open, and takes no other method', async (t) => {
  const { url } = await startHub(t, { limits: { connectionsPerAddress: 1 } });
  const stream = await openResponse(`${url}/channels/a`, { headers: { accept: 'text/event-stream' } });
  assert.equal((await send(`${url}${PATH}`)).json().code, 'too_many_connections');
  stream.destroy();
  assert.equal((await send(`${url}${PATH}`, { method: 'POST' })).status, 405);
  assert.equal((await send(`${url}${PATH}/more`)).status, 404);
});
