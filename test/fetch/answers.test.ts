import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HubOptions } from '../../src/index.ts';
import { type Answer, type RequestOptions, send } from '../support/http.ts';
import { fetchUrlOf, startHub } from '../support/hub.ts';

/** Both of one hub: its own server's, and the one of a server that speaks `Request` and `Response`. */
async function startBoth(t: TestContext, options: HubOptions = {}): Promise<readonly [string, string]> {
  const { hub, url } = await startHub(t, options);
  await hub.publish('scores', { home: 1 });
  return [url, await fetchUrlOf(url)];
}

/** What an answer says, without what is of the moment or of the connection. */
function saidBy({ status, headers, body }: Answer, url: string) {
  const {
    date: _date,
    connection: _connection,
    'keep-alive': _keepAlive,
    'transfer-encoding': _coding,
    'content-length': _length,
    upgrade: _upgrade,
    ...rest
  } = headers;
  return { status, headers: rest, body: body.toString('latin1').replaceAll(url, 'URL') };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const hello = { hello: { client: 'a-client-of-the-test' } };

const SAME: Readonly<Record<string, readonly [path: string, options?: RequestOptions]>> = {
  'a poll': ['/channels/scores'],
  'a poll of nothing new': ['/channels/scores?after=now&limit=5'],
  'a long poll that has something at once': ['/channels/scores?after=start&wait=5'],
  'a HEAD of a poll': ['/channels/scores', { method: 'HEAD' }],
  'a HEAD of a stream': ['/channels/scores', { method: 'HEAD', headers: { accept: 'text/event-stream' } }],
  'a preflight': ['/channels/scores', { method: 'OPTIONS', headers: { origin: 'https://app.example' } }],
  'a listed origin': ['/channels/scores', { headers: { origin: 'https://app.example' } }],
  'an origin that is not listed': ['/channels/scores', { headers: { origin: 'https://evil.example' } }],
  presence: ['/channels/scores/presence'],
  'the script': ['/fanwire.js'],
  'the script, compressed': ['/fanwire.js', { headers: { 'accept-encoding': 'gzip' } }],
  health: ['/healthz'],
  'a method that there is not': ['/channels/scores', { method: 'DELETE' }],
  'a type that there is not': ['/channels/scores', { headers: { accept: 'image/png' } }],
  'a position that is none': ['/channels/scores?after=yesterday'],
  'a socket that can’t be had here': ['/connect'],
  'JSON that is none': ['/channels/scores', { method: 'POST', headers: JSON_TYPE, body: '{' }],
  'a body without a type': ['/channels/scores', { method: 'POST', body: 'x' }],
  'a body without a byte': ['/channels/scores', { method: 'POST', headers: JSON_TYPE }],
  'a body that is too large': [
    '/channels/scores',
    { method: 'POST', headers: JSON_TYPE, body: `"${'x'.repeat(2000)}"` },
  ],
  'a session over polling': [
    '/connect',
    {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify([hello, { subscribe: { id: 1, channel: 'scores', after: 'start' } }]),
    },
  ],
  'a session without a hello': ['/connect', { method: 'POST', headers: JSON_TYPE, body: '[]' }],
};

test('a request is answered by hub.fetch as it is by the hub’s own server', async (t) => {
  const [own, byFetch] = await startBoth(t, {
    monitoring: true,
    origins: ['https://app.example'],
    limits: { bodyBytes: 1000 },
  });
  for (const [name, [path, options]] of Object.entries(SAME)) {
    const [expected, found] = await Promise.all([send(own + path, options), send(byFetch + path, options)]);
    assert.deepEqual(saidBy(found, byFetch), saidBy(expected, own), name);
  }
});

test('an answer that a client has is not sent again', async (t) => {
  const [, url] = await startBoth(t);
  for (const path of ['/channels/scores', '/fanwire.js']) {
    const { etag } = (await send(url + path)).headers;
    const again = await send(url + path, { headers: { 'if-none-match': etag! } });
    assert.deepEqual([again.status, again.text], [304, '']);
  }
});

test('messages are published one by one, in a batch, as text and as bytes', async (t) => {
  const [, url] = await startBoth(t);
  const publish = async (type: string, body: string | Uint8Array) =>
    (await send(`${url}/channels/said`, { method: 'POST', headers: { 'content-type': type }, body })).status;
  assert.equal(await publish('application/json', '{"a":1}'), 201);
  assert.equal(await publish('application/x-ndjson', '2\n3\n'), 201);
  assert.equal(await publish('text/plain', 'grüße'), 201);
  assert.equal(await publish('application/octet-stream', new Uint8Array([0, 255])), 201);
  const { messages } = (await send(`${url}/channels/said?after=start`)).json();
  assert.deepEqual(
    messages.map(({ data }: { data: unknown }) => data),
    [{ a: 1 }, 2, 3, 'grüße', 'AP8='],
  );
  const large = 'x'.repeat(500_000);
  assert.equal(await publish('text/plain', large), 201);
  const [last] = (await send(`${url}/channels/said?last=1`)).json().messages;
  assert.ok(last.data === large, 'a body of many pieces came whole');
});

test('what is not the hub’s is for the program, or is not found', async (t) => {
  const { hub } = await startHub(t, { basePath: '/realtime' });
  const theirs = { next: () => new Response('theirs') };
  const ask = (path: string, info = {}) => hub.fetch(new Request(`http://localhost${path}`), info);
  assert.equal(await (await ask('/channels/scores', theirs)).text(), 'theirs');
  assert.equal((await ask('/realtime/channels/scores', theirs)).status, 200);
  assert.equal((await ask('/realtime/healthz')).status, 200);
  assert.equal(await hub.fetch(new Request('http://localhost/'), { next: async () => 7 as const }), 7);
  const missing = await ask('/channels/scores');
  assert.equal(missing.status, 404);
  assert.equal(missing.headers.get('content-type'), 'application/problem+json');
  assert.equal((await missing.json()).code, 'not_found');
});

test('at the root of a program’s server its own health and metrics stay its own', async (t) => {
  const { hub } = await startHub(t);
  for (const path of ['/healthz', '/metrics']) {
    assert.equal((await hub.fetch(new Request(`http://localhost${path}`))).status, 404);
  }
});
