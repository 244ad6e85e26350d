import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { type AskRight, FanwireError, type RightRequest } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { openRawWebSocket } from '../support/raw-websocket.ts';
import { bearer, Members, startRooms, tokenOf, untilOpen } from './support/rights.ts';
import { answerTo, connectSdk, postFrames } from './support/sdk.ts';

type Headers = Readonly<Record<string, string>>;
type Room = {
  readonly url: string;
  readonly port: number;
  readonly headers: Headers;
  readonly t: TestContext;
};

const statusOf = async (url: string, headers: Headers) => {
  const aborting = new AbortController();
  const { status } = await fetch(url, { headers, signal: aborting.signal });
  aborting.abort();
  return status;
};

const post = (url: string, channel: string, headers: Headers = {}) =>
  send(`${url}/channels/${channel}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '1',
  });

/** Each way to ask for `room.lobby`, as the status of its answer. */
const WAYS: Record<string, (room: Room) => Promise<number>> = {
  polling: ({ url, headers }) => statusOf(`${url}/channels/room.lobby`, headers),
  'polling several': ({ url, headers }) => statusOf(`${url}/channels/room.lobby,room.lobby`, headers),
  'long polling': ({ url, headers }) => statusOf(`${url}/channels/room.lobby?after=start&wait=30`, headers),
  SSE: ({ url, headers }) =>
    statusOf(`${url}/channels/room.lobby`, { ...headers, accept: 'text/event-stream' }),
  'HTTP streaming': ({ url, headers }) =>
    statusOf(`${url}/channels/room.lobby`, { ...headers, accept: 'application/x-ndjson' }),
  WebSocket: async ({ t, port, headers }) => {
    const { head } = await openRawWebSocket(t, port, '/channels/room.lobby', { headers });
    return Number(head.split(' ')[1]) === 101 ? 200 : Number(head.split(' ')[1]);
  },
  presence: ({ url, headers }) => statusOf(`${url}/channels/room.lobby/presence`, headers),
  'a channel of presence': ({ url, headers }) => statusOf(`${url}/channels/room.lobby:presence`, headers),
  publishing: async ({ url, headers }) => {
    const { status } = await post(url, 'room.lobby', headers);
    return status === 201 ? 200 : status;
  },
};

for (const [way, ask] of Object.entries(WAYS)) {
  test(`${way}: a rule’s function is asked who may, and its answer is remembered`, async (t) => {
    const members = new Members('lobby ada');
    const { hub, url, port } = await startRooms(t, members);
    await hub.publish('room.lobby', 1);
    const askAs = async (headers: Headers) => ask({ t, url, port, headers });
    assert.equal(await askAs(await bearer('ada')), 200);
    assert.equal(await askAs(await bearer('ada', { jti: 'another token' })), 200);
    assert.equal(await askAs(await bearer('bob')), 403);
    assert.equal(await askAs({}), 401);
    const kind = way === 'publishing' ? 'publish' : 'read';
    assert.deepEqual(members.asked, [`${kind} lobby ada`, `${kind} lobby bob`, `${kind} lobby undefined`]);
  });
}

test('a function is told who asks, with all claims, for which channel, and from where', async (t) => {
  const told: RightRequest[] = [];
  const read: AskRight = ({ subject, claims, channel, params, address }) => {
    told.push({ subject, claims, channel, params, address });
    return claims.role === 'admin';
  };
  const { url } = await startRooms(t, new Members(), { channels: { 'tenant.{tenant}.{room}': { read } } });
  const channel = 'tenant.acme.lobby';
  const admin = await bearer('ada', { role: 'admin' });
  assert.equal((await send(`${url}/channels/${channel}:presence`, { headers: admin })).status, 200);
  assertProblem(await send(`${url}/channels/${channel}`), 401, 'unauthenticated');
  const { exp, ...claims } = told[0]!.claims;
  assert.equal(typeof exp, 'number');
  const params = { tenant: 'acme', room: 'lobby' };
  assert.deepEqual(
    { ...told[0]!, claims },
    { subject: 'ada', claims: { sub: 'ada', role: 'admin' }, channel, params, address: '127.0.0.1' },
  );
  assert.deepEqual(told[1], { subject: undefined, claims: {}, channel, params, address: '127.0.0.1' });
});

test('a grant of `authorise` may have claims; without `authorise` there is an address to go by', async (t) => {
  const read: AskRight = ({ claims, address }) => claims.role === 'admin' || address === '127.0.0.2';
  const authorise = () => ({ subject: 'ada', claims: { role: 'admin' } });
  const closed = await startHub(t, { authorise, channels: { a: { read } } });
  assert.equal((await send(`${closed.url}/channels/a`)).status, 200);

  const open = await startHub(t, { channels: { a: { read } }, trustProxy: true });
  const from = (address: string) =>
    send(`${open.url}/channels/a`, { headers: { 'x-forwarded-for': address } });
  const allowed = await from('127.0.0.2');
  assert.equal(allowed.status, 200);
  assert.equal(allowed.headers['cache-control'], 'private, no-cache');
  assertProblem(await from('127.0.0.3'), 403, 'forbidden');
  const other = await send(`${open.url}/channels/b`);
  assert.equal(other.headers['cache-control'], 'public, no-cache');
});

test('the operator is not asked about, and no function opens the console', async (t) => {
  const members = new Members();
  const { url } = await startRooms(t, members, {
    operatorToken: 'a-token-of-the-operator',
    channels: { ...members.rule(), '*': { read: () => true } },
  });
  const operator = { authorization: 'Bearer a-token-of-the-operator' };
  assert.equal((await send(`${url}/channels/room.lobby`, { headers: operator })).status, 200);
  assert.equal((await post(url, 'room.lobby', operator)).status, 201);
  assert.deepEqual(members.asked, []);
  const headers = await bearer('ada');
  assert.equal((await send(`${url}/channels/scores`, { headers })).status, 200);
  assertProblem(await send(`${url}/channels/console:commands`, { headers }), 403, 'forbidden');
});

test('in the SDK’s session each frame is held to it, over a WebSocket and over HTTP', async (t) => {
  const members = new Members('lobby ada', 'attic ada');
  const { url } = await startRooms(t, members);
  const frames = [
    { ref: 1, subscribe: { channel: 'room.lobby' } },
    { ref: 2, publish: { channel: 'room.lobby', data: 1 } },
    { ref: 3, presence: { channel: 'room.lobby' } },
    { ref: 4, subscribe: { channel: 'room.cellar' } },
    { ref: 5, publish: { channel: 'room.cellar', data: 1 } },
    { ref: 6, presence: { channel: 'room.cellar' } },
  ];
  const expected = ['ok', 'ok', 'ok', 'forbidden', 'forbidden', 'forbidden'];
  const sdk = await connectSdk(t, url, { token: await tokenOf('ada'), client: 'client-of-ada-1' });
  const codes: string[] = [];
  for (const frame of frames) {
    const answer = await sdk.ask(frame);
    codes.push(answer.ok ? 'ok' : answer.error.code);
  }
  assert.deepEqual(codes, expected);
  const answer = await postFrames(url, frames, { headers: await bearer('ada'), client: 'client-of-ada-2' });
  const answers = frames.map(({ ref }) => answerTo(ref, answer));
  assert.deepEqual(
    answers.map(({ ok, error }) => (ok ? 'ok' : error.code)),
    expected,
  );
});

/** Functions that answer when the test says so. */
function gated() {
  const waiting = new Map<string, (may: boolean) => void>();
  const right: AskRight = ({ channel, subject }) =>
    new Promise((resolve) => waiting.set(`${channel} ${subject}`, resolve));
  const until = async (...names: string[]) => {
    while (!names.every((name) => waiting.has(name))) await new Promise(setImmediate);
  };
  return { right, waiting, until };
}

test('a publish waits for those before it whose right is being asked for, and so does what is answered', async (t) => {
  const { right, waiting, until } = gated();
  const { hub, url } = await startRooms(t, new Members(), {
    channels: { 'slow.*': { read: right, publish: right }, '*': { read: 'anyone', publish: 'anyone' } },
  });
  const order: unknown[] = [];
  hub.subscribe(['slow.a', 'quick'], ({ data }) => order.push(data));
  const sdk = await connectSdk(t, url, { token: await tokenOf('ada') });
  sdk.send(
    { ref: 1, publish: { channel: 'slow.a', data: 'first' } },
    { ref: 2, publish: { channel: 'quick', data: 'second' } },
    { ref: 3, subscribe: { channel: 'slow.b' } },
    { ref: 4, publish: { channel: 'quick', data: 'third' } },
  );
  // Both are asked for at once, before the turn of the second.
  await until('slow.a ada', 'slow.b ada');
  assert.deepEqual(order, []);
  waiting.get('slow.b ada')!(true);
  waiting.get('slow.a ada')!(true);
  const refs = [];
  for (let count = 0; count < 4; count++) refs.push((await sdk.nextOf('ref')).ref);
  assert.deepEqual(refs, [1, 2, 3, 4]);
  while (order.length < 3) await new Promise(setImmediate);
  assert.deepEqual(order, ['first', 'second', 'third']);
});

test('a plain WebSocket’s publishes keep their order, too', async (t) => {
  const { right, waiting, until } = gated();
  const { hub, url } = await startRooms(t, new Members(), {
    channels: { a: { read: 'anyone', publish: right } },
  });
  const order: unknown[] = [];
  hub.subscribe('a', ({ data }) => order.push(data));
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`, { headers: await bearer('ada') });
  t.after(() => socket.terminate());
  socket.on('open', () => {
    for (const data of [1, 2, 3]) socket.send(`${data}`);
  });
  await until('a ada');
  waiting.get('a ada')!(true);
  while (order.length < 3) await new Promise(setImmediate);
  assert.deepEqual(order, [1, 2, 3]);
});

test('fifty channels of one request are asked for at once, not one after another', async (t) => {
  const { right, waiting, until } = gated();
  const { url } = await startRooms(t, new Members(), { channels: { '*': { read: right } } });
  const channels = Array.from({ length: 50 }, (_, index) => `a${index}`);
  const headers = await bearer('ada');
  const answered = postFrames(
    url,
    channels.map((channel, index) => ({ ref: index + 1, subscribe: { channel } })),
    { headers },
  );
  const read = send(`${url}/channels/b,c`, { headers });
  await until('b ada', 'c ada', ...channels.map((channel) => `${channel} ada`));
  for (const answer of waiting.values()) answer(true);
  assert.equal((await read).status, 200);
  const answer = await answered;
  for (const [index] of channels.entries()) assert.ok(answerTo(index + 1, answer).ok);
});

test('a hundred clients that come back at once have each room asked for once', async (t) => {
  const members = new Members('lobby ada', 'attic ada');
  const { url } = await startRooms(t, members);
  const headers = await bearer('ada');
  const frames = [
    { ref: 1, subscribe: { channel: 'room.lobby' } },
    { ref: 2, subscribe: { channel: 'room.attic' } },
  ];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      postFrames(url, frames, { headers, client: `client-of-ada-${index}` }),
    ),
  );
  for (const answer of answers) for (const { ref } of frames) assert.ok(answerTo(ref, answer).ok);
  assert.deepEqual(members.asked, ['read lobby ada', 'read attic ada']);
});

test('a function that fails refuses, is told of, and the client may come again', async (t) => {
  const faults: unknown[] = [];
  let away = true;
  const right: AskRight = () => {
    if (away) throw new Error('postgres://10.0.0.7 is away');
    return true;
  };
  const { url } = await startRooms(t, new Members(), {
    channels: { '*': { read: right, publish: right } },
    onError: (fault) => faults.push(fault),
  });
  const headers = await bearer('ada');
  const refused = await send(`${url}/channels/a`, { headers });
  assertProblem(refused, 503, 'authorisation_unavailable');
  assert.equal(refused.headers['retry-after'], '1');
  assert.ok(!refused.text.includes('postgres'), 'what is inside is for the operator alone');
  assertProblem(await post(url, 'a', headers), 503, 'authorisation_unavailable');
  assert.match(String(faults[0]), /a could not say who may read it: Error: postgres:\/\/10\.0\.0\.7 is away/);

  // Those behind a publish that may go through later must not overtake it.
  const sdk = await connectSdk(t, url, { token: await tokenOf('ada') });
  const codes = async (...refs: number[]) => {
    const answers = [];
    for (const ref of refs)
      answers.push((await sdk.ask({ ref, publish: { channel: 'b', data: ref } })).error?.code);
    return answers;
  };
  assert.deepEqual(await codes(1), ['authorisation_unavailable']);
  away = false;
  assert.deepEqual(await codes(2), ['authorisation_unavailable']);
  let first = await codes(1);
  while (first[0] !== undefined) first = await codes(1);
  assert.deepEqual(await codes(2), [undefined]);
});

test('words of a function’s own are told as they are', async (t) => {
  const read: AskRight = () => {
    throw new FanwireError('forbidden', 'banned until Friday');
  };
  const { url } = await startRooms(t, new Members(), { channels: { a: { read } } });
  const answer = await send(`${url}/channels/a`, { headers: await bearer('ada') });
  assertProblem(answer, 403, 'forbidden');
  assert.equal(answer.json().detail, 'banned until Friday');
});

test('a handler of the SDK’s requests asks as well; what was not asked for is not granted', async (t) => {
  const members = new Members('lobby ada');
  const { url } = await startRooms(t, members, {
    requests: {
      async mayI(_, { access }) {
        const before = access.mayPublish('room.lobby');
        const right = await access.right('publish', 'room.lobby');
        return [before, right.granted, access.mayPublish('room.lobby')];
      },
    },
  });
  const ask = async (subject: string) => {
    const sdk = await connectSdk(t, url, { token: await tokenOf(subject), client: `client-of-${subject}` });
    return (await sdk.ask({ ref: 1, request: { method: 'mayI' } })).ok.data;
  };
  assert.deepEqual(await ask('ada'), [false, true, true]);
  assert.deepEqual(await ask('bob'), [false, false, false]);
});

test('with another token the same rights are asked for as whoever it is for', async (t) => {
  const members = new Members('lobby ada', 'attic ada', 'attic bob');
  const { hub, url } = await startRooms(t, members);
  const sdk = await connectSdk(t, url, { token: await tokenOf('ada') });
  await sdk.ask({ ref: 1, subscribe: { channel: 'room.lobby' } });
  await sdk.ask({ ref: 2, subscribe: { channel: 'room.attic' } });
  sdk.send({ ref: 3, token: await tokenOf('bob') });
  const lost = await sdk.nextOf('error');
  assert.deepEqual([lost.ref, lost.error.code], [1, 'forbidden']);
  const renewed = await sdk.nextOf('ref');
  assert.equal(renewed.ref, 3);
  assert.ok(renewed.ok);
  await hub.publish('room.lobby', 'not for bob');
  const { id } = await hub.publish('room.attic', 'for bob');
  assert.equal((await sdk.nextOf('id')).id, id);
  await untilOpen(hub, 1);
});

test('the parameter called subject is whoever asks, in rules and in grants', async (t) => {
  const { url } = await startRooms(t, new Members(), {
    channels: {
      'user.{subject}': { read: 'authenticated', publish: 'nobody' },
      'open.{subject}': { read: 'anyone' },
      'user.*': { read: 'anyone' },
    },
  });
  const read = async (channel: string, headers: Headers) =>
    (await send(`${url}/channels/${channel}`, { headers })).status;
  const ada = await bearer('ada');
  assert.equal(await read('user.ada', ada), 200);
  assert.equal(await read('user.ada:presence', ada), 200);
  assert.equal(await read('user.bob', ada), 403);
  assert.equal(await read('user.bob', {}), 401);
  assert.equal(await read('user.undefined', {}), 401);
  assert.equal(await read('open.ada', ada), 200);
  assert.equal(await read('open.ada', {}), 401);
  assert.equal((await post(url, 'user.ada', ada)).status, 403);

  const granted = (subject: string) =>
    bearer(subject, { fanwire: { read: ['inbox.{subject}', 'inbox.{subject}.*'] } });
  assert.equal(await read('inbox.ada', await granted('ada')), 200);
  assert.equal(await read('inbox.ada.today', await granted('ada')), 200);
  assert.equal(await read('inbox.bob', await granted('ada')), 403);
  // A subject is no pattern, and no way to reach what is below another's.
  assert.equal(await read('inbox.bob', await granted('*')), 403);
  assert.equal(await read('inbox.ada.today', await granted('ada.today')), 403);
});
