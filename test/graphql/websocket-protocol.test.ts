import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { onEnd } from '../support/on-end.ts';
import { startGraphQL } from './support/ask.ts';

const SECRET = 'a secret of at least thirty-two bytes';
const SUBSCRIPTION = { query: 'subscription { channel(names: ["a"]) { ... on Message { data } } }' };

interface Numbered {
  readonly data: { readonly number: number };
}

/** A client of graphql-transport-ws with nothing between the test and the protocol. */
class Client {
  readonly socket: WebSocket;
  readonly #arrived: unknown[] = [];
  #wake = () => {};
  readonly closed: Promise<[number, string]>;

  constructor(t: TestContext, endpoint: string, protocol = 'graphql-transport-ws') {
    this.socket = new WebSocket(endpoint.replace('http', 'ws'), protocol);
    onEnd(t, () => this.socket.terminate());
    this.socket.on('error', () => {});
    this.socket.on('message', (bytes) => {
      this.#arrived.push(JSON.parse(String(bytes)));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve([code, String(reason)]));
    });
  }

  async send(...messages: (object | string | Buffer)[]): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    for (const message of messages) {
      const isPlain = typeof message === 'string' || Buffer.isBuffer(message);
      this.socket.send(isPlain ? message : JSON.stringify(message));
    }
  }

  async next(): Promise<unknown> {
    while (this.#arrived.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#arrived.shift();
  }

  async begin(payload?: object): Promise<this> {
    await this.send({ type: 'connection_init', payload });
    assert.deepEqual(await this.next(), { type: 'connection_ack' });
    return this;
  }
}

async function tokenWith(claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET));
}

test('the operations of a socket that is read late get every message, whole and in order', async (t) => {
  const { hub, endpoint } = await startGraphQL(t);
  const client = await new Client(t, endpoint).begin();
  const got = new Map(['a', 'b', 'c'].map((id) => [id, [] as number[]]));
  for (const id of got.keys()) await client.send({ id, type: 'subscribe', payload: SUBSCRIPTION });
  await client.send({ type: 'ping' });
  assert.deepEqual(await client.next(), { type: 'pong' });
  client.socket.pause();
  const numbers = Array.from({ length: 300 }, (_, number) => number);
  // More than a socket takes.
  for (const number of numbers) await hub.publish('a', { number, filling: 'x'.repeat(10_000) });
  client.socket.resume();
  for (let left = got.size * numbers.length; left > 0; left--) {
    const { id, payload } = (await client.next()) as { id: string; payload: { data: { channel: Numbered } } };
    got.get(id)!.push(payload.data.channel.data.number);
  }
  for (const [id, those] of got) assert.deepEqual(those, numbers, id);
});

test('a connection is acknowledged, and answers a ping with its payload', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const client = new Client(t, endpoint);
  await client.send({ type: 'ping' }, { type: 'pong' });
  assert.deepEqual(await client.next(), { type: 'pong' });
  await client.begin();
  await client.send({ type: 'ping', payload: { n: 1 } });
  assert.deepEqual(await client.next(), { type: 'pong', payload: { n: 1 } });
  assert.equal(client.socket.protocol, 'graphql-transport-ws');
});

test('another subprotocol is not acceptable', async (t) => {
  const { endpoint } = await startGraphQL(t);
  // `ws` gives up by itself where none of its offers is answered: offered none, it shows the code.
  const socket = new WebSocket(endpoint.replace('http', 'ws'));
  const [code] = await once(socket, 'close');
  assert.equal(code, 4406);
  const old = new Client(t, endpoint, 'graphql-ws');
  await old.closed;
});

for (const [name, messages, expected] of [
  ['twice initialised', [{ type: 'connection_init' }, { type: 'connection_init' }], 4429],
  ['an operation before the acknowledgement', [{ id: '1', type: 'subscribe', payload: SUBSCRIPTION }], 4401],
  ['an unknown type', [{ type: 'nonsense' }], 4400],
  ['no type', [{}], 4400],
  ['no JSON', ['{"type":'], 4400],
  ['no object', ['"type"'], 4400],
  ['bytes', [Buffer.from('{"type":"ping"}')], 4400],
  ['a payload that is no object', [{ type: 'ping', payload: 'text' }], 4400],
  [
    'an operation without an id',
    [{ type: 'connection_init' }, { type: 'subscribe', payload: SUBSCRIPTION }],
    4400,
  ],
  ['an empty id', [{ type: 'connection_init' }, { id: '', type: 'subscribe', payload: SUBSCRIPTION }], 4400],
  [
    'an operation without a document',
    [{ type: 'connection_init' }, { id: '1', type: 'subscribe', payload: {} }],
    4400,
  ],
  ['too deep', [`{"type":"ping","payload":${'['.repeat(100)}${']'.repeat(100)}}`], 4400],
] as const) {
  test(`what the protocol does not have closes the socket with ${expected}: ${name}`, async (t) => {
    const { endpoint } = await startGraphQL(t);
    const client = new Client(t, endpoint);
    await client.send(...messages);
    const [code, reason] = await client.closed;
    assert.equal(code, expected);
    assert.notEqual(reason, '');
  });
}

test('two operations under one id close the socket, and an id is free again once its operation is over', async (t) => {
  const { endpoint, hub } = await startGraphQL(t);
  const client = await new Client(t, endpoint).begin();
  for (let round = 0; round < 2; round++) {
    await client.send({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } });
    assert.deepEqual(await client.next(), {
      id: '1',
      type: 'next',
      payload: { data: { __typename: 'Query' } },
    });
    assert.deepEqual(await client.next(), { id: '1', type: 'complete' });
  }
  const subscribe = { id: '1', type: 'subscribe', payload: SUBSCRIPTION };
  await client.send(subscribe, { id: '1', type: 'complete' }, subscribe, { type: 'ping' });
  await client.next();
  await hub.publish('a', 'once');
  assert.deepEqual(await client.next(), {
    id: '1',
    type: 'next',
    payload: { data: { channel: { data: 'once' } } },
  });
  await client.send(subscribe);
  assert.deepEqual(await client.closed, [4409, 'Subscriber for 1 already exists']);
  assert.deepEqual(hub.connections(), []);
});

test('an operation that is not begun is an error, and its id is free', async (t) => {
  const { endpoint } = await startGraphQL(t, { limits: { channelsPerConnection: 2 } });
  const client = await new Client(t, endpoint).begin();
  const refusal = async (payload: object) => {
    await client.send({ id: 'x', type: 'subscribe', payload });
    return (await client.next()) as {
      id: string;
      type: string;
      payload: { message: string; extensions?: { code: string } }[];
    };
  };
  for (const [payload, words, code] of [
    [{ query: '{' }, /Syntax/, undefined],
    [{ query: '{ nothing }' }, /Cannot query/, undefined],
    [
      {
        query:
          'subscription { channel(names: ["a"]) { __typename } x: channel(names: ["a"]) { __typename } }',
      },
      /only one top level field/,
      undefined,
    ],
    [{ query: 'query A { __typename }', operationName: 'B' }, /no operation/, undefined],
    [{ query: 'subscription { channel(names: ["a b"]) { __typename } }' }, /channel name/, 'invalid_channel'],
    [
      { query: 'subscription { channel(names: ["a"], after: "x") { __typename } }' },
      /no position/,
      'invalid_position',
    ],
    [{ query: 'subscription ($n: [String!]!) { channel(names: $n) { __typename } }' }, /\$n/, undefined],
    [
      { query: 'subscription { channel(names: ["a", "b", "c"]) { __typename } }' },
      /channelsPerConnection/,
      'too_many_channels',
    ],
  ] as const) {
    const { id, type, payload: errors } = await refusal(payload);
    assert.deepEqual([id, type, errors[0]!.extensions?.code], ['x', 'error', code], JSON.stringify(errors));
    assert.match(errors[0]!.message, words);
  }
  // A failure within a query is part of its result.
  await client.send({
    id: 'x',
    type: 'subscribe',
    payload: { query: '{ messages(channels: ["a b"]) { more } }' },
  });
  const { payload } = (await client.next()) as { payload: { data: unknown; errors: unknown[] } };
  assert.deepEqual([payload.data, payload.errors.length], [null, 1]);
  assert.deepEqual(await client.next(), { id: 'x', type: 'complete' });
});

test('a client that does not introduce itself is closed, and so is one whose token is not valid', async (t) => {
  const { endpoint } = await startGraphQL(t, { authorise: { secret: SECRET } });
  const client = new Client(t, endpoint);
  await client.send({ type: 'connection_init', payload: { authorization: 'Bearer wrong' } });
  const [code, reason] = await client.closed;
  assert.equal(code, 4403);
  assert.match(reason, /token/);
});

test('the token comes with the parameters of the connection, by either name', async (t) => {
  const { endpoint, hub } = await startGraphQL(t, { authorise: { secret: SECRET } });
  const token = await tokenWith({ sub: 'ada', fanwire: { read: ['a'] } });
  for (const payload of [{ Authorization: `Bearer ${token}` }, { token }]) {
    const client = await new Client(t, endpoint).begin(payload);
    await client.send(
      { id: '1', type: 'subscribe', payload: SUBSCRIPTION },
      {
        id: '2',
        type: 'subscribe',
        payload: { query: 'subscription { channel(names: ["b"]) { __typename } }' },
      },
    );
    const { type, payload: errors } = (await client.next()) as {
      type: string;
      payload: { extensions: { code: string } }[];
    };
    assert.deepEqual([type, errors[0]!.extensions.code], ['error', 'forbidden']);
    const [view] = hub.connections();
    assert.deepEqual([view?.transport, view?.subject, view?.channels], ['graphql-ws', 'ada', ['a']]);
    const closing = client.closed;
    await hub.disconnect({ subject: 'ada' });
    await closing;
  }
});

test('once a token has expired its client is to come back with another', async (t) => {
  const { endpoint } = await startGraphQL(t, {
    authorise: () => ({ subject: 'bob', read: true, expiresAt: Date.now() + 200 }),
  });
  const client = await new Client(t, endpoint).begin({ token: 'short' });
  assert.equal((await client.closed)[0], 4403);
});

test('a hub that goes away sends its clients elsewhere, those too that have said nothing yet', async (t) => {
  const { endpoint, hub } = await startGraphQL(t);
  const client = await new Client(t, endpoint).begin();
  const mute = new Client(t, endpoint);
  await once(mute.socket, 'open');
  await hub.close({ drainMs: 0 });
  assert.equal((await client.closed)[0], 1012);
  await mute.closed;
});

test('a stranger sends little before it has shown a token', async (t) => {
  const { endpoint } = await startGraphQL(t, {
    authorise: { secret: SECRET },
    limits: { strangerBytes: 1000 },
  });
  const client = new Client(t, endpoint);
  await client.send({ type: 'ping', payload: { x: 'x'.repeat(2000) } });
  const [code, reason] = await client.closed;
  assert.equal(code, 1009);
  assert.match(reason, /strangerBytes/);
});
