import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';

function batch(url: string, lines: readonly string[], headers: Record<string, string> = {}) {
  return send(`${url}/channels/a`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...headers },
    body: lines.join('\n'),
  });
}

async function published(url: string): Promise<number> {
  return (await send(`${url}/channels/a?after=start`)).json().messages.length;
}

test('a batch of more messages than it may have is refused as a whole, blank lines apart', async (t) => {
  const { url } = await startHub(t, { limits: { messagesPerRequest: 3 } });
  const refused = await batch(url, ['1', '2', '3', '4']);
  assertProblem(refused, 413, 'batch_too_large');
  assert.match(refused.json().detail, /3 messages \(messagesPerRequest\)/);
  assert.equal(await published(url), 0);
  assert.equal((await batch(url, ['1', '', ' \r', '2', '', '3', ''])).status, 201);
});

test('what the pace can never let pass is refused at once, and says what would pass', async (t) => {
  const { url } = await startHub(t, { limits: { publishesPerSecond: 5, publishBytesPerSecond: 50 } });
  const many = await batch(url, Array(11).fill('1'));
  assertProblem(many, 413, 'batch_too_large');
  assert.match(many.json().detail, /10 messages \(twice publishesPerSecond\).*100 bytes/);
  assert.equal(many.headers['retry-after'], undefined);
  const large = await post(url, 'a', 'x'.repeat(100));
  assertProblem(large, 413, 'message_too_large');
  assert.match(large.json().detail, /publishBytesPerSecond/);
  // Neither has taken a turn.
  assert.equal((await batch(url, Array(10).fill('1'))).status, 201);
});

/** Together: one after the other, a burst may be there again on a busy machine. */
function atOnce<Answer>(count: number, ask: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, ask));
}

test('whoever publishes too much waits for no longer than a burst takes, by messages and by bytes', async (t) => {
  const { url } = await startHub(t, { limits: { publishesPerSecond: 10, publishBytesPerSecond: 1000 } });
  const byCount = await atOnce(4, () => batch(url, Array(20).fill('1')));
  const bytes = await startHub(t, { limits: { publishBytesPerSecond: 1000 } });
  const byBytes = await atOnce(4, () => post(bytes.url, 'a', 'x'.repeat(1900)));
  for (const answers of [byCount, byBytes]) {
    const refused = answers.filter(({ status }) => status !== 201);
    assert.ok(refused.length > 0 && refused.length < answers.length);
    for (const each of refused) {
      assertProblem(each, 429, 'too_many_publishes');
      assert.ok(Number(each.headers['retry-after']) <= 2, each.headers['retry-after']);
    }
  }
});

test('who may not publish takes nobody’s turn', async (t) => {
  const { url } = await startHub(t, {
    authorise: ({ token }) => (token ? { publish: ['a'] } : undefined),
    limits: { publishesPerSecond: 1 },
  });
  for (let asked = 0; asked < 5; asked++) assertProblem(await post(url, 'a', 1), 401, 'unauthenticated');
  assert.equal((await batch(url, ['1', '2'], { authorization: 'Bearer t' })).status, 201);
});

test('what is too large or out of turn is refused before it is read', async (t) => {
  const { url } = await startHub(t, { limits: { messageBytes: 100, publishesPerSecond: 1 } });
  assertProblem(await batch(url, ['1', '['.repeat(101)]), 413, 'message_too_large');
  assert.match((await batch(url, ['1', '['.repeat(101)])).json().detail, /^line 2: /);
  assert.equal((await batch(url, ['1', '2'])).status, 201);
  let refused = await batch(url, ['not JSON', 'nor this']);
  // A busy machine may take two seconds between the two, and the burst is there again.
  for (let tries = 0; tries < 5 && refused.status === 400; tries++) {
    await batch(url, ['1', '2']);
    refused = await batch(url, ['not JSON', 'nor this']);
  }
  assertProblem(refused, 429, 'too_many_publishes');
});

test('JSON may nest so deep and no deeper', async (t) => {
  const { url } = await startHub(t, { limits: { jsonDepth: 3 } });
  assert.equal((await batch(url, ['[[{"a":1}]]', '"[[[["'])).status, 201);
  const deep = await batch(url, ['1', '[[{"a":[]}]]']);
  assertProblem(deep, 400, 'json_too_deep');
  assert.match(deep.json().detail, /^line 2: .*3 deep.*jsonDepth/);
  assert.equal(await published(url), 2);
});

test('a conflation key may have so many bytes', async (t) => {
  const { url } = await startHub(t, {
    limits: { conflationKeyBytes: 4 },
    channels: { a: { conflateMs: 50 } },
  });
  const publish = (key: string) =>
    send(`${url}/channels/a?key=${encodeURIComponent(key)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '1',
    });
  assert.equal((await publish('éé')).status, 201);
  const refused = await publish('ééx');
  assertProblem(refused, 400, 'invalid_parameter');
  assert.match(refused.json().detail, /^key: .*4 bytes.*conflationKeyBytes/);
});
