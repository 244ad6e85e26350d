import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import { auditServer } from 'graphql-http';
import { SDL } from '../../src/graphql/index.ts';
import { createEventStreamReader, type StreamEvent } from '../../src/wire/sse-reader.ts';
import { send } from '../support/http.ts';
import { publishAll } from '../support/hub.ts';
import { ask, startGraphQL } from './support/ask.ts';

const SECRET = 'a secret of at least thirty-two bytes';
const RESPONSE = 'application/graphql-response+json';
const PUBLISH =
  'mutation ($channel: String!, $data: JSON!) { publish(channel: $channel, data: $data) { id } }';
const READ = `query ($channels: [String!]!, $after: Position, $last: Int, $limit: Int) {
  messages(channels: $channels, after: $after, last: $last, limit: $limit) {
    messages { id channel type from time data encoding } gaps { channel from to reason } position more
  }
}`;

test('every audit of graphql-http passes', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const results = await auditServer({ url: endpoint });
  assert.ok(results.length > 50);
  const failed = results.flatMap((result) => (result.status === 'ok' ? [] : [[result.name, result.reason]]));
  assert.deepEqual(failed, []);
});

for (const accept of ['application/json', 'text/event-stream']) {
  test(`a large result as ${accept} is compressed where the hub was told to and the client takes it`, async (t) => {
    const { hub, endpoint } = await startGraphQL(t, { compression: { thresholdBytes: 500 } });
    await hub.publish('a', { text: 'x'.repeat(1000) });
    const query = { query: READ, variables: { channels: ['a'] } };
    const plain = await ask(endpoint, query, { accept, 'accept-encoding': 'gzip;q=0, br' });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.match(plain.text, /x{1000}/);
    const compressed = await ask(endpoint, query, { accept, 'accept-encoding': 'br, gzip' });
    assert.equal(compressed.headers['content-encoding'], 'gzip');
    assert.equal(Number(compressed.headers['content-length']), compressed.body.length);
    assert.equal(gunzipSync(compressed.body).toString(), plain.text);
    for (const { headers } of [plain, compressed]) assert.match(headers.vary!, /Accept-Encoding/);
    const small = await ask(endpoint, { query: '{ __typename }' }, { accept, 'accept-encoding': 'gzip' });
    assert.equal(small.headers['content-encoding'], undefined);
  });
}

test('a result is sent as it is by a hub that does not compress', async (t) => {
  const { hub, endpoint } = await startGraphQL(t);
  await hub.publish('a', { text: 'x'.repeat(5000) });
  const answer = await ask(
    endpoint,
    { query: READ, variables: { channels: ['a'] } },
    { 'accept-encoding': 'gzip' },
  );
  assert.equal(answer.json().data.messages.messages[0].data.text.length, 5000);
  assert.doesNotMatch(answer.headers.vary ?? '', /Accept-Encoding/);
});

test('the schema that introspection tells is the one that stands in the package', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const { data } = (await ask(endpoint, { query: getIntrospectionQuery() })).json();
  const withoutWords = (text: string) => text.replace(/ *"[^"\n]*"\n/g, '').trim();
  const told = printSchema(buildClientSchema(data))
    .replace(/"""[\s\S]*?"""\n/g, '')
    .replace(/^\s*\n/gm, '');
  const names = [...withoutWords(SDL).matchAll(/^(?:scalar|type|union) \w+/gm)].map(([name]) => name);
  assert.deepEqual(
    [...told.matchAll(/^(?:scalar|type|union) \w+/gm)].map(([name]) => name).sort(),
    names.sort(),
  );
});

test('a mutation publishes, and a query reads what there is, as it was written', async (t) => {
  const { hub, endpoint } = await startGraphQL(t);
  const published = (
    await ask(endpoint, { query: PUBLISH, variables: { channel: 'a', data: { x: ['é'] } } })
  ).json();
  await hub.publish('a', Uint8Array.of(1, 2), { type: 'bytes' });
  await send(`${endpoint.replace('graphql', 'channels/a')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '[12345678901234567890]',
  });
  const answer = await ask(endpoint, { query: READ, variables: { channels: ['a'], after: 'start' } });
  const { messages, gaps, position, more } = answer.json().data.messages;
  assert.deepEqual(
    messages.map(({ type, data, encoding }: Record<string, unknown>) => [type, data, encoding]).slice(0, 2),
    [
      [null, { x: ['é'] }, null],
      ['bytes', 'AQI=', 'base64'],
    ],
  );
  assert.match(answer.text, /"data":\[12345678901234567890\]/);
  assert.equal(messages[0].id, published.data.publish.id);
  assert.deepEqual([gaps, position, more], [[], messages[2].id, false]);
});

test('a query pages, and tells what is lost', async (t) => {
  const { hub, endpoint } = await startGraphQL(t, { channels: { a: { retain: { count: 3 } } } });
  const ids = await publishAll(hub, 'a', [1, 2, 3, 4, 5]);
  const read = async (variables: object) =>
    (await ask(endpoint, { query: READ, variables: { channels: ['a'], ...variables } })).json().data.messages;
  const first = await read({ after: ids[0], limit: 2 });
  assert.deepEqual(first.gaps, [{ channel: 'a', from: ids[0], to: ids[1], reason: 'trimmed' }]);
  assert.deepEqual([first.position, first.more], [ids[3], true]);
  const second = await read({ after: first.position });
  assert.deepEqual(
    second.messages.map(({ data }: { data: unknown }) => data),
    [5],
  );
  assert.deepEqual((await read({ last: 1 })).messages.length, 1);
  assert.deepEqual((await read({})).messages.length, 3);
  assert.deepEqual((await read({ after: 'now' })).position, ids[4]);
});

test('what the hub refuses has its code', async (t) => {
  const { endpoint } = await startGraphQL(t, {
    limits: { channelsPerRequest: 2, messageBytes: 10, jsonDepth: 3 },
  });
  const codeOf = async (query: string, variables = {}) =>
    (await ask(endpoint, { query, variables })).json().errors?.[0].extensions.code;
  for (const [variables, code] of [
    [{ channels: ['a b'] }, 'invalid_channel'],
    [{ channels: [] }, 'invalid_channel'],
    [{ channels: ['a', 'b', 'c'] }, 'too_many_channels'],
    [{ channels: ['a'], after: 'nowhere' }, 'invalid_position'],
    [{ channels: ['a'], after: 'now', last: 1 }, 'invalid_parameter'],
    [{ channels: ['a'], last: 0 }, 'invalid_parameter'],
    [{ channels: ['a'], limit: 0 }, 'invalid_parameter'],
  ] as const) {
    assert.equal(await codeOf(READ, variables), code, JSON.stringify(variables));
  }
  const publish = (args: string) => codeOf(`mutation { publish(${args}) { id } }`);
  assert.equal(await publish('channel: "a", data: "longer than ten"'), 'message_too_large');
  assert.equal(await publish('channel: "a", data: [[[[1]]]]'), 'json_too_deep');
  assert.equal(await publish('channel: "a", data: 1, type: "gap"'), 'invalid_parameter');
  assert.equal(await publish('channel: "a", data: "AA", encoding: "base64"'), 'invalid_parameter');
  assert.equal(await publish('channel: "a b", data: 1'), 'invalid_channel');
  assert.equal(await publish('channel: "a", data: "AAA=", encoding: "base64"'), undefined);
  const deep = await ask(endpoint, { query: PUBLISH, variables: { channel: 'a', data: [[[[[1]]]]] } });
  assert.deepEqual([deep.status, deep.json().code], [400, 'json_too_deep']);
});

test('a retry under the same key is answered with the first id, and another publish under it is refused', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const publish = async (data: number) =>
    (
      await ask(endpoint, {
        query: `mutation { publish(channel: "a", data: ${data}, idempotencyKey: "k") { id } }`,
      })
    ).json();
  const first = await publish(1);
  assert.deepEqual(await publish(1), first);
  assert.equal((await publish(2)).errors[0].extensions.code, 'idempotency_conflict');
});

test('rights are asked for, and a stranger is told that a token would help', async (t) => {
  const { endpoint } = await startGraphQL(t, {
    authorise: { secret: SECRET },
    channels: { open: { read: 'anyone' } },
  });
  const query =
    '{ messages(channels: ["open"]) { position } secret: messages(channels: ["closed"]) { position } }';
  const { data, errors } = (await ask(endpoint, { query })).json();
  assert.equal(data, null);
  assert.deepEqual([errors[0].path, errors[0].extensions.code], [['secret'], 'unauthenticated']);
  const wrong = await ask(endpoint, { query }, { authorization: 'Bearer wrong' });
  assert.equal(wrong.status, 401);
  assert.equal(wrong.headers['www-authenticate'], 'Bearer');
  assert.equal(wrong.json().errors[0].extensions.code, 'unauthenticated');
});

test('another page’s requests are refused, whatever they ask for', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const query = encodeURIComponent('subscription { channel(names: ["a"]) { __typename } }');
  const foreign = { origin: 'https://evil.example' };
  assert.equal((await ask(endpoint, { query: PUBLISH }, foreign)).status, 403);
  const accept = 'text/event-stream';
  assert.equal((await send(`${endpoint}?query=${query}`, { headers: { ...foreign, accept } })).status, 403);
  const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
  assert.equal((await send(`${endpoint}?query=${query}`, { headers: image })).status, 403);
  // What a form can send without asking (a simple request of CORS) is no operation, even from a page that may.
  const form = { 'content-type': 'text/plain' };
  assert.equal((await send(endpoint, { method: 'POST', headers: form, body: '{}' })).status, 415);
});

test('a mutation does not come by GET', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const query = encodeURIComponent('mutation { publish(channel: "a", data: 1) { id } }');
  const answer = await send(`${endpoint}?query=${query}`);
  assert.deepEqual([answer.status, answer.json().code], [405, 'method_not_allowed']);
});

test('a request that is wrong is told what and where', async (t) => {
  const { endpoint } = await startGraphQL(t);
  for (const [body, status, words] of [
    ['{"query"', 400, /JSON/],
    ['[]', 400, /one JSON object/],
    [{}, 400, /query: expected/],
    [{ query: '{ __typename }', variables: [] }, 400, /variables: expected an object/],
    [{ query: '{ __typename }', operationName: 1 }, 400, /operationName: expected/],
    [{ query: '{ __typename', variables: {} }, 400, /Syntax Error/],
    [{ query: '{ nothing }' }, 400, /Cannot query field/],
    [{ query: READ, variables: { channels: 1.5 } }, 400, /\$channels/],
    [{ query: 'query A { __typename }', operationName: 'B' }, 400, /no operation "B"/],
  ] as const) {
    const answer = await ask(endpoint, body, { accept: RESPONSE });
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.json().errors[0].message, words);
  }
});

test('a subscription needs a client that takes events', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const subscription = { query: 'subscription { channel(names: ["a"]) { __typename } }' };
  const answer = await ask(endpoint, subscription, { accept: 'application/json' });
  assert.deepEqual([answer.status, answer.json().code], [406, 'not_acceptable']);
  assert.equal((await ask(endpoint, { query: '{ __typename }' }, { accept: 'text/html' })).status, 406);
});

test('for a client that takes events alone, what is over at once is events too', async (t) => {
  const { endpoint } = await startGraphQL(t);
  const accept = 'text/event-stream';
  for (const [query, result] of [
    ['{ __typename }', { data: { __typename: 'Query' } }],
    ['{ nothing }', 'errors'],
    ['subscription { channel(names: []) { __typename } }', 'errors'],
  ] as const) {
    const answer = await ask(endpoint, { query }, { accept });
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, accept]);
    const events: StreamEvent[] = [];
    createEventStreamReader((event) => events.push(event))(answer.body);
    assert.deepEqual(
      events.map(({ type }) => type),
      ['next', 'complete'],
    );
    const told = JSON.parse(events[0]!.data);
    if (result === 'errors') assert.ok(told.errors[0].message);
    else assert.deepEqual(told, result);
  }
});

test('an EventSource is put off when a refusal passes, and refused for good when not', async (t) => {
  const { endpoint } = await startGraphQL(t, { limits: { connectionsPerAddress: 1 }, retryMs: 700 });
  const query = encodeURIComponent('subscription { channel(names: ["a"]) { __typename } }');
  const headers = { accept: 'text/event-stream' };
  const stop = new AbortController();
  const open = await fetch(`${endpoint}?query=${query}`, { headers, signal: stop.signal });
  const refused = await send(`${endpoint}?query=${query}`, { headers });
  assert.equal(refused.status, 200);
  assert.match(refused.text, /^retry: \d+\nevent: error\ndata: .*too_many_connections/);
  const byPost = await ask(endpoint, { query: '{ __typename }' }, headers);
  assert.equal(byPost.status, 429);
  stop.abort();
  await open.body?.cancel().catch(() => {});
  const foreign = await send(`${endpoint}?query=${query}`, {
    headers: { ...headers, origin: 'https://evil.example' },
  });
  assert.equal(foreign.status, 403);
});
