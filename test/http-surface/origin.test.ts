import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openResponse, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { openSse } from '../support/readers/sse.ts';
import { openWebSocket } from '../support/readers/websocket.ts';

const FOREIGN = { origin: 'https://evil.example' };
const FRIEND = 'https://app.example';

test('a foreign origin is refused on every endpoint', async (t) => {
  const { url, hub } = await startHub(t);
  const json = { 'content-type': 'application/json' };
  const requests = [
    ['/channels/scores', {}],
    ['/channels/scores?wait=1', {}],
    ['/channels/scores', { headers: { accept: 'text/event-stream' } }],
    ['/channels/scores', { headers: { accept: 'application/x-ndjson' } }],
    ['/channels/scores', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }],
    ['/channels/scores', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
    ['/connect', { method: 'POST', headers: json, body: '[{"hello":{"client":"abcdefgh"}}]' }],
    ['/metrics', {}],
  ] as const;
  for (const [path, options] of requests) {
    const headers = { ...('headers' in options ? options.headers : {}), ...FOREIGN };
    const answer = await send(`${url}${path}`, { ...options, headers });
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assertProblem(answer, 403, 'origin_not_allowed');
  }
  assert.equal([...hub.connections()].length, 0);
  assert.equal((await send(`${url}/channels/scores`)).json().messages.length, 0, 'nothing was published');
});

test('a foreign origin is refused a WebSocket, on channels and on the SDK’s endpoint', async (t) => {
  const { url } = await startHub(t);
  const open = openWebSocket(url, { channels: ['scores'], headers: FOREIGN });
  await assert.rejects(open, { status: 403 });
  const response = await openResponse(`${url}/connect`, {
    headers: {
      ...FOREIGN,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  assert.equal(response.statusCode, 403);
  response.destroy();
});

test('the hub’s own origin is let in, with and without a port', async (t) => {
  const { url } = await startHub(t);
  assert.equal((await send(`${url}/channels/scores`, { headers: { origin: url } })).status, 200);
  const reader = await openWebSocket(url, { channels: ['scores'], headers: { origin: url } });
  reader.close();
});

test('a listed origin is let in and told so, everywhere', async (t) => {
  const { url } = await startHub(t, { origins: [FRIEND] });
  const headers = { origin: FRIEND };
  const poll = await send(`${url}/channels/scores`, { headers });
  assert.equal(poll.status, 200);
  assert.equal(poll.headers['access-control-allow-origin'], FRIEND);
  assert.match(poll.headers.vary ?? '', /origin/i);
  assert.match(poll.headers['access-control-expose-headers'] ?? '', /fanwire-position/i);

  const stream = await openResponse(`${url}/channels/scores`, {
    headers: { ...headers, accept: 'text/event-stream' },
  });
  assert.equal(stream.headers['access-control-allow-origin'], FRIEND);
  stream.destroy();

  const refused = await send(`${url}/channels/b%20d`, { headers });
  assert.equal(refused.headers['access-control-allow-origin'], FRIEND, 'the page may read why');

  (await openWebSocket(url, { channels: ['scores'], headers })).close();
});

test('a preflight is answered with the methods and headers that may be sent', async (t) => {
  const { url } = await startHub(t, { origins: [FRIEND] });
  const answer = await send(`${url}/channels/scores`, {
    method: 'OPTIONS',
    headers: {
      origin: FRIEND,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  });
  assert.equal(answer.status, 204);
  assert.equal(answer.headers['access-control-allow-origin'], FRIEND);
  assert.match(answer.headers['access-control-allow-methods'] ?? '', /POST/);
  for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', 'Prefer']) {
    assert.match(answer.headers['access-control-allow-headers'] ?? '', new RegExp(name, 'i'));
  }
  assert.ok(Number(answer.headers['access-control-max-age']) > 0);
});

test('every origin may come where the hub says so, but without cookies', async (t) => {
  const { url } = await startHub(t, { origins: '*' });
  const { status, headers } = await send(`${url}/channels/scores`, { headers: FOREIGN });
  assert.equal(status, 200);
  assert.ok(['*', FOREIGN.origin].includes(headers['access-control-allow-origin'] ?? ''));
  assert.equal(headers['access-control-allow-credentials'], undefined);
});

test('a page that hides its origin is a foreign one', async (t) => {
  const { url } = await startHub(t);
  assertProblem(
    await send(`${url}/channels/scores`, { headers: { origin: 'null' } }),
    403,
    'origin_not_allowed',
  );
  const crossSite = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
  assert.equal((await send(`${url}/channels/scores`, { headers: crossSite })).status, 403);
});

test('a name that points to loopback from outside is refused, against DNS rebinding', async (t) => {
  const { url, port } = await startHub(t);
  const answer = await send(`${url}/channels/scores`, { headers: { host: `evil.example:${port}` } });
  assertProblem(answer, 421, 'host_not_allowed');
  await assert.rejects(openSse(url, { channels: ['scores'], headers: { host: 'evil.example' } }), {
    status: 421,
  });
});
