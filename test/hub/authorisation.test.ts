import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { FanwireError, type HubOptions } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import { openRawWebSocket } from '../support/raw-websocket.ts';
import { answerTo, connectSdk, openSdk, postFrames } from './support/sdk.ts';

const SECRET = 'a secret of thirty-two bytes or more';

const authorise: HubOptions['authorise'] = { secret: SECRET, cookie: 'session' };

function tokenFor(read: readonly string[], publish: readonly string[] = [], claims = {}): Promise<string> {
  return new SignJWT({ sub: 'ada', fanwire: { read, publish }, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}

type Headers = Readonly<Record<string, string>>;

/** What a channel answers to each way of asking, as a status. */
const WAYS: Record<
  string,
  (t: TestContext, hub: { url: string; port: number }, headers: Headers) => Promise<number>
> = {
  polling: async (_, { url }, headers) => (await send(`${url}/channels/a`, { headers })).status,
  'long polling': async (_, { url }, headers) =>
    (await send(`${url}/channels/a?after=start&wait=30`, { headers })).status,
  SSE: (_, { url }, headers) => head(`${url}/channels/a`, { ...headers, accept: 'text/event-stream' }),
  'HTTP streaming': (_, { url }, headers) =>
    head(`${url}/channels/a`, { ...headers, accept: 'application/x-ndjson' }),
  WebSocket: async (t, { port }, headers) => {
    const { head } = await openRawWebSocket(t, port, '/channels/a', { headers });
    return Number(head.split(' ')[1]);
  },
  presence: async (_, { url }, headers) => (await send(`${url}/channels/a/presence`, { headers })).status,
};

async function head(url: string, headers: Headers): Promise<number> {
  const aborting = new AbortController();
  const { status } = await fetch(url, { headers, signal: aborting.signal });
  aborting.abort();
  return status;
}

for (const [way, ask] of Object.entries(WAYS)) {
  test(`${way} asks for a token, checks it, and gives what it grants`, async (t) => {
    const hub = await startHub(t, { authorise });
    await hub.hub.publish('a', 1);
    const bearer = (token: string) => ask(t, hub, { authorization: `Bearer ${token}` });
    assert.equal(await ask(t, hub, {}), 401);
    assert.equal(await bearer('nonsense'), 401);
    assert.equal(await bearer(`${await tokenFor(['a'])}x`), 401);
    assert.equal(await bearer(await tokenFor(['b', 'aa', 'a.{b}'], ['a'])), 403);
    assert.equal(await bearer(await tokenFor(['a'])), way === 'WebSocket' ? 101 : 200);
    assert.equal(await bearer(await tokenFor(['{one}'])), way === 'WebSocket' ? 101 : 200);
  });

  test(`${way}: what anyone may read takes no token, but a bad one is still refused`, async (t) => {
    const hub = await startHub(t, { authorise, channels: { a: { read: 'anyone' } } });
    await hub.hub.publish('a', 1);
    assert.equal(await ask(t, hub, {}), way === 'WebSocket' ? 101 : 200);
    assert.equal(await ask(t, hub, { authorization: 'Bearer nonsense' }), 401);
  });
}

test('publishing is granted apart from reading', async (t) => {
  const { url } = await startHub(t, { authorise });
  const post = async (headers: Headers) =>
    send(`${url}/channels/a`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...headers },
      body: 'x',
    });
  assertProblem(await post({}), 401, 'unauthenticated');
  assertProblem(await post({ authorization: `Bearer ${await tokenFor(['a'])}` }), 403, 'forbidden');
  assert.equal((await post({ authorization: `Bearer ${await tokenFor([], ['a'])}` })).status, 201);
});

test('only the hub itself tells of joins and leaves', async (t) => {
  const { url } = await startHub(t, { authorise });
  const token = await tokenFor(['*'], ['*']);
  const answer = await send(`${url}/channels/a:presence`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', authorization: `Bearer ${token}` },
    body: 'x',
  });
  assertProblem(answer, 403, 'forbidden');
});

test('a position grants nothing: a resume is asked for its token like anybody else', async (t) => {
  const { hub, url } = await startHub(t, { authorise });
  const { id } = await hub.publish('a', 1);
  for (const accept of ['application/json', 'text/event-stream', 'application/x-ndjson']) {
    const headers = { accept, 'last-event-id': id };
    assertProblem(await send(`${url}/channels/a?after=${id}`, { headers }), 401, 'unauthenticated');
  }
});

test('a token may come in a header, a cookie, a subprotocol or the first frame', async (t) => {
  const { url } = await startHub(t, { authorise });
  const token = await tokenFor(['a']);
  const ways = {
    header: { headers: { authorization: `Bearer ${token}` } },
    cookie: { headers: { cookie: `other=1; session=${token}` } },
    subprotocol: { protocols: ['fanwire.1', `bearer.${token}`] },
    'first frame': { token },
  };
  for (const [way, options] of Object.entries(ways)) {
    const sdk = await connectSdk(t, url, options);
    const answer = await sdk.ask({ ref: 1, subscribe: { channel: 'a' } });
    assert.ok(answer.ok, way);
    assert.equal((await sdk.ask({ ref: 2, subscribe: { channel: 'b' } })).error.code, 'forbidden', way);
    assert.equal(sdk.socket.protocol, way === 'subprotocol' ? 'fanwire.1' : '');
  }
});

test('a browser’s WebSocket reads a channel with its token in a subprotocol, which is not repeated', async (t) => {
  const { port } = await startHub(t, { authorise });
  const token = await tokenFor(['a']);
  const headers = { 'Sec-WebSocket-Protocol': `fanwire.1, bearer.${token}` };
  const { head } = await openRawWebSocket(t, port, '/channels/a', { headers });
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.match(head, /Sec-WebSocket-Protocol: fanwire\.1\r\n/i);
  assert.ok(!head.includes(token));
});

test('without a token the SDK is welcome, and each frame is held to what anyone may', async (t) => {
  const { url } = await startHub(t, { authorise, channels: { open: { read: 'anyone' } } });
  const sdk = await connectSdk(t, url);
  assert.ok((await sdk.ask({ ref: 1, subscribe: { channel: 'open' } })).ok);
  const frames = [
    { ref: 2, subscribe: { channel: 'a' } },
    { ref: 3, publish: { channel: 'open', data: 1 } },
    { ref: 4, presence: { channel: 'a' } },
  ];
  for (const frame of frames) assert.equal((await sdk.ask(frame)).error.code, 'unauthenticated');
  const answer = await postFrames(url, frames);
  for (const { ref } of frames) assert.equal(answerTo(ref, answer).error.code, 'unauthenticated');
});

test('a bad token ends the SDK’s connection, in an upgrade or in the first frame', async (t) => {
  const { url, port } = await startHub(t, { authorise });
  const { head } = await openRawWebSocket(t, port, '/connect', {
    headers: { authorization: 'Bearer nonsense' },
  });
  assert.match(head, /^HTTP\/1\.1 401 /);
  const sdk = openSdk(t, url, { token: 'nonsense' });
  assert.equal((await sdk.next()).error.code, 'unauthenticated');
  assert.deepEqual(await sdk.closed, { code: 4401, reason: 'unauthenticated' });
  assertProblem(
    await postFrames(url, [], { headers: { authorization: 'Bearer nonsense' } }),
    401,
    'unauthenticated',
  );
});

test('a function that refuses who has no token still hears of the token in the first frame', async (t) => {
  const heard: (string | undefined)[] = [];
  const { url } = await startHub(t, {
    authorise: ({ token }) => {
      heard.push(token);
      if (token === undefined) throw new FanwireError('unauthenticated', 'a token is needed');
      return { read: true };
    },
  });
  const sdk = await connectSdk(t, url, { token: 'of the first frame' });
  assert.ok((await sdk.ask({ ref: 1, subscribe: { channel: 'a' } })).ok);
  const body = [
    { hello: { client: 'client-of-a-test', token: 'in a request' } },
    { ref: 1, subscribe: { channel: 'a' } },
  ];
  const answer = await send(`${url}/connect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.ok(answerTo(1, answer).ok);
  assert.deepEqual(heard, ['of the first frame', 'in a request']);
});

test('two different tokens are one too many', async (t) => {
  const { url } = await startHub(t, { authorise });
  const headers = {
    authorization: `Bearer ${await tokenFor(['a'])}`,
    cookie: `session=${await tokenFor(['b'])}`,
  };
  assertProblem(await send(`${url}/channels/a`, { headers }), 400, 'invalid_parameter');
});

/** Grants everything for so many milliseconds, as the token says. */
const forMs: HubOptions['authorise'] = ({ token }) => {
  if (token === 'refused') throw new FanwireError('unauthenticated', 'no');
  const [ms, ...channels] = (token ?? '').split(':');
  return { read: channels.length > 0 ? channels : true, publish: true, expiresAt: Date.now() + Number(ms) };
};

test('when a token expires its connection ends, on every transport', async (t) => {
  const { hub, url } = await startHub(t, { authorise: forMs });
  const headers = { authorization: 'Bearer 500' };
  const text = async (accept: string) =>
    (await fetch(`${url}/channels/a`, { headers: { ...headers, accept } })).text();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`, { headers });
  t.after(() => socket.terminate());
  const socketClosed = new Promise((resolve) => socket.on('close', resolve));
  const sdk = await connectSdk(t, url, { headers });
  const [parked, code, sdkClosed] = await Promise.all([
    send(`${url}/channels/a?wait=30`, { headers }),
    socketClosed,
    sdk.closed,
    text('text/event-stream'),
    text('application/x-ndjson'),
  ]);
  assertProblem(parked, 401, 'unauthenticated');
  assert.equal(code, 4401);
  assert.deepEqual(sdkClosed, { code: 4401, reason: 'unauthenticated' });
  assert.equal((await sdk.nextOf('error')).error.code, 'unauthenticated');
  assert.deepEqual(hub.connections(), []);
});

test('a token frame renews the connection in place', async (t) => {
  const { hub, url } = await startHub(t, { authorise: forMs });
  const sdk = await connectSdk(t, url, { token: '3000' });
  await sdk.ask({ ref: 1, subscribe: { channel: 'a' } });
  assert.ok('ok' in (await sdk.ask({ ref: 2, token: '60000' })));
  // Ends later than the other would have.
  const expiring = await connectSdk(t, url, { token: '3000', client: 'another-client' });
  assert.equal((await expiring.closed).code, 4401);
  const { id } = await hub.publish('a', 'still here');
  assert.equal((await sdk.nextOf('id')).id, id);
});

test('what a new token no longer grants is given no longer', async (t) => {
  const { hub, url } = await startHub(t, { authorise: forMs });
  const sdk = await connectSdk(t, url, { token: '60000:a:b' });
  await sdk.ask({ ref: 1, subscribe: { channel: 'a' } });
  await sdk.ask({ ref: 2, subscribe: { channel: 'b' } });
  await sdk.ask({ ref: 3, token: '60000:b' });
  await hub.publish('a', 'revoked');
  const { id } = await hub.publish('b', 'granted');
  assert.equal((await sdk.nextOf('id')).id, id);
  assert.equal(
    (await sdk.ask({ ref: 4, subscribe: { channel: 'a', after: 'start' } })).error.code,
    'forbidden',
  );
  assert.equal((await sdk.ask({ ref: 5, token: 'refused' })).error.code, 'unauthenticated');
  assert.ok((await sdk.ask({ ref: 6, subscribe: { channel: 'b' } })).ok, 'a refused token changes nothing');
});

test('metrics are for whoever may read their channel', async (t) => {
  const { url } = await startHub(t, { authorise });
  const ask = async (headers: Headers) => (await send(`${url}/metrics`, { headers })).status;
  assert.equal(await ask({}), 401);
  assert.equal(await ask({ authorization: `Bearer ${await tokenFor(['a'])}` }), 403);
  assert.equal(await ask({ authorization: `Bearer ${await tokenFor(['fanwire:metrics'])}` }), 200);
});

test('who may not publish is refused before its body is taken', async (t) => {
  const { port } = await startHub(t, { authorise });
  const socket = openRawSocket(t, port);
  const head = 'POST /channels/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
  socket.write(`${head}Content-Length: 1000000\r\n\r\n`);
  assert.match(await socket.readThrough('"code":"unauthenticated"'), /^HTTP\/1\.1 401 /);
});
