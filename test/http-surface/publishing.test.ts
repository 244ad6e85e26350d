import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanwireError, memoryLog } from '../../src/index.ts';
import { post, send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';

interface Published {
  readonly id: string;
  readonly type?: string;
  readonly data: unknown;
  readonly encoding?: string;
}

function publish(url: string, type: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  return send(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body });
}

async function read(url: string): Promise<Published[]> {
  return (await send(`${url}?after=start`)).json().messages;
}

test('a published message is answered with 201 and its id, and is in the log by then', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  for (const value of [{ a: [1, 'ü', null] }, 'text', 12.5, true, null, []]) {
    const answer = await publish(channel, 'application/json', JSON.stringify(value));
    assert.equal(answer.status, 201);
    assert.deepEqual(Object.keys(answer.json()), ['id']);
    const message = (await read(channel)).at(-1);
    assert.equal(message?.id, answer.json().id);
    assert.deepEqual(message?.data, value);
  }
});

test('JSON comes out as it went in, large numbers too', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  await publish(
    channel,
    'application/json; charset=utf-8',
    ' { "n": 12345678901234567890.10,\r\n "m": 1e400 } ',
  );
  assert.match((await send(channel)).text, /"n": 12345678901234567890\.10,\s+"m": 1e400/);
});

test('text and bytes are kept as they are', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  assert.equal((await publish(channel, 'text/plain', '{"not": "parsed"}\n')).status, 201);
  assert.equal((await publish(channel, 'application/octet-stream', new Uint8Array([0, 255]))).status, 201);
  const [text, bytes] = await read(channel);
  assert.equal(text?.data, '{"not": "parsed"}\n');
  assert.deepEqual([bytes?.data, bytes?.encoding], ['AP8=', 'base64']);
});

test('a type is given by ?type, and only by one that can be an event name', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  assert.equal((await publish(`${channel}?type=goal`, 'application/json', '1')).status, 201);
  assert.equal((await read(channel))[0]?.type, 'goal');
  for (const type of ['', 'a%20b', 'a%0Ab', 'gap', 'position', 'open', 'error', 'x'.repeat(101)]) {
    assertProblem(
      await publish(`${channel}?type=${type}`, 'application/json', '1'),
      400,
      'invalid_parameter',
    );
  }
});

test('an Idempotency-Key makes a retry answer with the first id', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  const headers = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
  const first = await publish(channel, 'application/json', '1', headers);
  await publish(channel, 'application/json', '2');
  const retry = await publish(channel, 'application/json', '1', headers);
  assert.equal(retry.status, 201);
  assert.equal(retry.json().id, first.json().id);
  assert.equal((await read(channel)).length, 2);
});

test('retries at the same moment append once', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => publish(channel, 'application/json', '1', { 'idempotency-key': 'k' })),
  );
  assert.equal(new Set(answers.map((answer) => answer.json().id)).size, 1);
  assert.equal((await read(channel)).length, 1);
});

test('a key belongs to its channel', async (t) => {
  const { url } = await startHub(t);
  const headers = { 'idempotency-key': 'k' };
  const one = await publish(`${url}/channels/a`, 'application/json', '1', headers);
  const other = await publish(`${url}/channels/b`, 'application/json', '1', headers);
  assert.notEqual(one.json().id, other.json().id);
});

test('a batch of NDJSON is published in order and answered with every id', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  const answer = await publish(channel, 'application/x-ndjson', '1\n{"two":2}\r\n\n"three"');
  assert.equal(answer.status, 201);
  const { ids } = answer.json();
  const messages = await read(channel);
  assert.deepEqual(
    messages.map(({ data }) => data),
    [1, { two: 2 }, 'three'],
  );
  assert.deepEqual(
    messages.map(({ id }) => id),
    ids,
  );
});

test('a batch that is sent again under its key is not published again', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  const headers = { 'idempotency-key': 'batch-1' };
  const first = await publish(channel, 'application/x-ndjson', '1\n2\n3\n', headers);
  const retry = await publish(channel, 'application/x-ndjson', '1\n2\n3\n', headers);
  assert.deepEqual(retry.json(), first.json());
  assert.equal((await read(channel)).length, 3);
});

test('a batch is one append to the log', async (t) => {
  const log = memoryLog();
  const appends: number[] = [];
  const { append } = log;
  log.append = (additions) => {
    appends.push(additions.length);
    return append.call(log, additions);
  };
  const { url } = await startHub(t, { log });
  await publish(`${url}/channels/scores`, 'application/x-ndjson', '1\n2\n3\n');
  assert.deepEqual(appends, [3]);
});

test('a batch of which the log refuses a line tells of each line', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  const known = await publish(channel, 'application/json', '"known"', { 'idempotency-key': 'batch#1' });
  const answer = await publish(channel, 'application/x-ndjson', '1\n2\n3\n', {
    'idempotency-key': 'batch',
  });
  assertProblem(answer, 422, 'idempotency_conflict');
  assert.match(answer.json().detail, /^message 2: /);
  const messages = await read(channel);
  assert.deepEqual(
    messages.map(({ data }) => data),
    ['known', 1, 3],
  );
  const [first, second, third] = messages.map(({ id }) => id);
  assert.equal(first, known.json().id);
  assert.deepEqual(answer.json().ids, [second, null, third]);
});

test('what comes in a batch behind a line that the program refuses is not published', async (t) => {
  const { url } = await startHub(t, {
    beforePublish({ data }) {
      if (data === 2) throw new FanwireError('publish_refused', 'not two');
    },
  });
  const channel = `${url}/channels/scores`;
  const answer = await publish(channel, 'application/x-ndjson', '1\n2\n3\n');
  assertProblem(answer, 422, 'publish_refused');
  const messages = await read(channel);
  assert.deepEqual(
    messages.map(({ data }) => data),
    [1],
  );
  assert.deepEqual(answer.json().ids, [messages[0]?.id, null, null]);
});

test('a batch with one bad line publishes nothing and names the line', async (t) => {
  const { url } = await startHub(t);
  const channel = `${url}/channels/scores`;
  const answer = await publish(channel, 'application/x-ndjson', '1\n{oops\n3\n');
  assertProblem(answer, 400, 'invalid_json');
  assert.match(answer.json().detail, /2/);
  assert.equal((await read(channel)).length, 0);
});

test('what is not JSON is a 400', async (t) => {
  const { url } = await startHub(t);
  for (const body of ['', '{', 'undefined', '1 2', "{'a': 1}"]) {
    assertProblem(await publish(`${url}/channels/scores`, 'application/json', body), 400, 'invalid_json');
  }
});

test('bytes that are not UTF-8 are refused where text was promised', async (t) => {
  const { url } = await startHub(t);
  const bytes = new Uint8Array([0x22, 0xff, 0x22]);
  for (const type of ['application/json', 'text/plain', 'application/x-ndjson']) {
    assertProblem(await publish(`${url}/channels/scores`, type, bytes), 415, 'unsupported_media_type');
  }
});

test('another media type is a 415 that lists what is taken', async (t) => {
  const { url } = await startHub(t);
  const answer = await publish(`${url}/channels/scores`, 'application/x-www-form-urlencoded', 'a=b');
  assertProblem(answer, 415, 'unsupported_media_type');
  assert.match(answer.json().detail, /application\/json/);
  assertProblem(
    await send(`${url}/channels/scores`, { method: 'POST', body: 'x' }),
    415,
    'unsupported_media_type',
  );
});

test('a body beyond the limit is a 413, announced or not', async (t) => {
  const { url } = await startHub(t, { limits: { bodyBytes: 1000, messageBytes: 100 } });
  const channel = `${url}/channels/scores`;
  assertProblem(await publish(channel, 'text/plain', 'x'.repeat(101)), 413, 'message_too_large');
  const batch = '"0123456789"\n'.repeat(100);
  assertProblem(await publish(channel, 'application/x-ndjson', batch), 413, 'body_too_large');
  const chunked = await publish(channel, 'application/x-ndjson', batch, { 'transfer-encoding': 'chunked' });
  assertProblem(chunked, 413, 'body_too_large');
});

test('publishing to several channels at once is a 400', async (t) => {
  const { url } = await startHub(t);
  const { status } = await post(url, 'a,b', 1);
  assert.equal(status, 400);
});

test('what beforePublish changes is what is published, and what it refuses is a 422', async (t) => {
  const { url } = await startHub(t, {
    beforePublish: ({ data }) => {
      if (data === 'bad') throw new FanwireError('publish_refused', 'no bad words');
      return { data: [data] };
    },
  });
  const channel = `${url}/channels/chat`;
  await publish(channel, 'application/json', '"good"');
  assert.deepEqual((await read(channel))[0]?.data, ['good']);
  const refused = await publish(channel, 'application/json', '"bad"');
  assertProblem(refused, 422, 'publish_refused');
});

test('a publish from inside the program and one by HTTP share one order', async (t) => {
  const { hub, url } = await startHub(t);
  const [first] = await publishAll(hub, 'scores', [1]);
  const second = (await post(url, 'scores', 2)).json().id;
  const [third] = await publishAll(hub, 'scores', [3]);
  assert.deepEqual(
    (await read(`${url}/channels/scores`)).map(({ id }) => id),
    [first, second, third],
  );
});
