import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { FanwireError, type HubOptions } from '../../src/index.ts';
import { startClient } from '../faults/subscriber.ts';
import { post, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { answerTo, connectSdk, postFrames } from './support/sdk.ts';

const channels: HubOptions['channels'] = {
  'chat.{room}': { message: v.object({ text: v.pipe(v.string('a text'), v.trim()) }) },
  match: {
    message: { goal: v.object({ minute: v.number('a number') }), end: v.null('null') },
  },
  later: {
    message: v.pipeAsync(
      v.number(),
      v.checkAsync(async (value) => value > 0, 'more than 0'),
    ),
  },
  bytes: { message: v.instance(Uint8Array, 'bytes') },
  days: {
    message: v.pipe(
      v.string(),
      v.transform((day) => new Date(day)),
    ),
  },
};

const REFUSAL = {
  code: 'invalid_data',
  detail: 'data for chat.lobby: text: a text',
  issues: [{ message: 'a text', path: ['text'] }],
};

async function dataOf(url: string, channel: string): Promise<unknown[]> {
  const { messages } = (await send(`${url}/channels/${channel}?after=start`)).json();
  return messages.map(({ data }: { data: unknown }) => data);
}

test('data that the schema refuses gets the issues, whatever wire it came by, and is not published', async (t) => {
  const { hub, url } = await startHub(t, { channels });

  const answer = await post(url, 'chat.lobby', { text: 1 });
  assertProblem(answer, 422, 'invalid_data');
  assert.equal(answer.json().detail, REFUSAL.detail);
  assert.deepEqual(answer.json().issues, REFUSAL.issues);

  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/chat.lobby`);
  t.after(() => socket.terminate());
  socket.on('open', () => socket.send('{"text":1}'));
  const refused = await new Promise((resolve) => {
    socket.on('message', (text) => {
      const frame = JSON.parse(String(text));
      if (frame.error) resolve(frame.error);
    });
  });
  assert.deepEqual(refused, REFUSAL);

  const frame = { ref: 1, publish: { channel: 'chat.lobby', data: { text: 1 } } };
  const sdk = await connectSdk(t, url);
  assert.deepEqual((await sdk.ask(frame)).error, REFUSAL);
  assert.deepEqual(answerTo(1, await postFrames(url, [frame], { client: 'another-client' })).error, REFUSAL);

  await assert.rejects(hub.publish('chat.lobby', { text: 1 }), (error) => {
    assert.ok(error instanceof FanwireError);
    assert.deepEqual(JSON.parse(JSON.stringify(error)), REFUSAL);
    return true;
  });
  assert.deepEqual(await dataOf(url, 'chat.lobby'), []);
});

test('a batch is published up to the first message that the schema refuses', async (t) => {
  const { url } = await startHub(t, { channels });
  const answer = await send(`${url}/channels/chat.lobby`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{"text":"a"}\n{"text":1}\n{"text":"c"}',
  });
  assertProblem(answer, 422, 'invalid_data');
  const { detail, issues, ids } = answer.json();
  assert.equal(detail, `message 2: ${REFUSAL.detail}`);
  assert.deepEqual(issues, REFUSAL.issues);
  assert.deepEqual(
    ids.map((id: string | null) => id !== null),
    [true, false, false],
  );
  assert.deepEqual(await dataOf(url, 'chat.lobby'), [{ text: 'a' }]);
});

for (const transport of ['websocket', 'long-polling'] as const) {
  test(`the client rejects with the issues, over ${transport}`, async (t) => {
    const { url } = await startHub(t, { channels });
    const client = startClient(t, url, { transports: [transport] });
    await assert.rejects(client.publish('chat.lobby', { text: 1 }), (error) => {
      assert.ok(error instanceof FanwireError);
      assert.deepEqual([error.code, error.issues], [REFUSAL.code, REFUSAL.issues]);
      return true;
    });
    await client.publish('chat.lobby', { text: 'a' });
  });
}

test('what the schema returns is published', async (t) => {
  const { hub, url } = await startHub(t, { channels });
  await post(url, 'chat.lobby', { text: ' a ', more: 1 });
  await hub.publish('chat.lobby', { text: 'b' });
  assert.deepEqual(await dataOf(url, 'chat.lobby'), [{ text: 'a' }, { text: 'b' }]);
  await hub.publish('days', '2026-01-02');
  assert.deepEqual(await dataOf(url, 'days'), ['2026-01-02T00:00:00.000Z']);
});

test('a schema that returns what JSON can’t hold is a fault of the program’s', async (t) => {
  const faults: unknown[] = [];
  const message = v.pipe(
    v.string(),
    v.transform((text) => (text === 'map' ? new Map() : undefined)),
  );
  const { url } = await startHub(t, { channels: { a: { message } }, onError: (fault) => faults.push(fault) });
  for (const data of ['map', 'undefined']) assertProblem(await post(url, 'a', data), 500, 'internal');
  assert.deepEqual(faults.map(String), [
    'TypeError: what the schema of a returns: Map at “”: JSON has no such value',
    'TypeError: data must be a JSON value or bytes, not undefined',
  ]);
});

test('a retry under the same key is the same publish, whatever the schema makes of it', async (t) => {
  let count = 0;
  const counted = v.pipe(
    v.string(),
    v.transform((text) => `${text} ${count++}`),
  );
  const { url } = await startHub(t, { channels: { counted: { message: counted } } });
  const publish = { channel: 'counted', data: 'a', idempotencyKey: 'key' };
  const first = answerTo(1, await postFrames(url, [{ ref: 1, publish }]));
  const again = answerTo(2, await postFrames(url, [{ ref: 2, publish }]));
  assert.deepEqual(again.ok, first.ok);
  assert.deepEqual(await dataOf(url, 'counted'), ['a 0']);
});

test('with a schema for each type, the type has to be one of them', async (t) => {
  const { hub, url } = await startHub(t, { channels });
  await hub.publish('match', { minute: 7 }, { type: 'goal' });
  await hub.publish('match', null, { type: 'end' });
  assert.deepEqual(await dataOf(url, 'match'), [{ minute: 7 }, null]);
  const refusals = {
    goal: [null, 'data of type goal for match: Invalid type: Expected Object but received null'],
    card: [1, 'a message for match has a type, one of goal, end: not card'],
    toString: [1, 'a message for match has a type, one of goal, end: not toString'],
    '': [1, 'a message for match has a type, one of goal, end: none was given'],
  };
  for (const [type, [data, detail]] of Object.entries(refusals)) {
    const answer = await send(`${url}/channels/match${type && `?type=${type}`}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(data),
    });
    assertProblem(answer, 422, 'invalid_data');
    assert.equal(answer.json().detail, detail);
  }
});

test('a schema may take its time, and may ask for bytes', async (t) => {
  const { hub, url } = await startHub(t, { channels });
  await hub.publish('later', 1);
  await assert.rejects(hub.publish('later', 0), /more than 0/);
  await hub.publish('bytes', new Uint8Array([1]));
  await assert.rejects(hub.publish('bytes', [1]), /data for bytes: bytes/);
  const octets = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: 'a' };
  assert.equal((await send(`${url}/channels/bytes`, octets)).status, 201);
  assert.deepEqual(await dataOf(url, 'bytes'), ['AQ==', 'YQ==']);
});

test('what is published without waiting keeps its order, and what the hub tells itself has no schema', async (t) => {
  const schema = v.number();
  const { hub, url } = await startHub(t, { channels: { '*': { message: schema } } });
  await Promise.all([1, 2, 3].map((value) => hub.publish('counted', value)));
  assert.deepEqual(await dataOf(url, 'counted'), [1, 2, 3]);
  await hub.publish('console:test', 'no number');
  await hub.disconnect({ subject: 'nobody' });
  const sdk = await connectSdk(t, url);
  await sdk.ask({ ref: 1, subscribe: { channel: 'counted:presence' } });
  sdk.send({ ref: 2, subscribe: { channel: 'counted', presence: 'me' } });
  assert.equal((await sdk.nextOf('id')).type, 'join');
});

test('beforePublish sees what the schema returned, and what it makes of that is checked again', async (t) => {
  const faults: unknown[] = [];
  const { url } = await startHub(t, {
    channels,
    onError: (error) => faults.push(error),
    beforePublish({ data }) {
      const { text } = data as { text: string };
      return { data: text === 'spoil' ? { text: 1 } : { text: `${text} (${text.length}) ` } };
    },
  });
  await post(url, 'chat.lobby', { text: ' ab ' });
  assert.deepEqual(await dataOf(url, 'chat.lobby'), [{ text: 'ab (2)' }]);
  assertProblem(await post(url, 'chat.lobby', { text: 'spoil' }), 500, 'internal');
  assert.match(String(faults), /^TypeError: as beforePublish gave it: data for chat.lobby: text: a text$/);
});

test('presence data is checked, and what the schema returns is shown', async (t) => {
  const presence = v.object({ name: v.pipe(v.string('a name'), v.trim()) });
  const { hub, url } = await startHub(t, { channels: { 'chat.{room}': { presence } } });
  const sdk = await connectSdk(t, url);
  const refused = await sdk.ask({ ref: 1, subscribe: { channel: 'chat.a', presence: { name: 1 } } });
  assert.deepEqual(refused.error, {
    code: 'invalid_data',
    detail: 'presence data for chat.a: name: a name',
    issues: [{ message: 'a name', path: ['name'] }],
  });
  assert.deepEqual(await hub.presence('chat.a'), []);
  await sdk.ask({ ref: 2, subscribe: { channel: 'chat.a', presence: { name: ' Ada ' } } });
  assert.deepEqual((await hub.presence('chat.a'))[0]!.data, { name: 'Ada' });
});
