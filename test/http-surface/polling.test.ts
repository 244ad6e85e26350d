import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

function dataOf(answer: { json(): { messages: { data: unknown }[] } }): unknown[] {
  return answer.json().messages.map(({ data }) => data);
}

test('a poll answers with messages, position, gaps and more, and nothing else', async (t) => {
  const { hub, url } = await startHub(t);
  const { id } = await hub.publish('scores', { home: 1 }, { type: 'goal' });
  const answer = await send(`${url}/channels/scores`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  const { messages, ...rest } = answer.json();
  const { time, ...message } = messages[0];
  assert.deepEqual(message, { id, channel: 'scores', type: 'goal', data: { home: 1 } });
  assert.ok(Number.isInteger(time) && Math.abs(Date.now() - time) < 60_000, 'Unix milliseconds');
  assert.deepEqual(rest, { position: id, gaps: [], more: false });
});

test('binary data is base64, and marked so', async (t) => {
  const { hub, url } = await startHub(t);
  await hub.publish('scores', new Uint8Array([251, 255, 0]));
  const [message] = (await send(`${url}/channels/scores`)).json().messages;
  assert.equal(message.data, '+/8A');
  assert.equal(message.encoding, 'base64');
});

test('a poll that names no start gets the newest hundred', async (t) => {
  const { hub, url } = await startHub(t);
  await publishAll(hub, 'scores', numbers(150));
  assert.deepEqual(dataOf(await send(`${url}/channels/scores`)), numbers(150).slice(-100));
});

test('after, last and start choose what comes', async (t) => {
  const { hub, url } = await startHub(t);
  const ids = await publishAll(hub, 'scores', numbers(5));
  assert.deepEqual(dataOf(await send(`${url}/channels/scores?after=${ids[2]}`)), [4, 5]);
  assert.deepEqual(dataOf(await send(`${url}/channels/scores?after=start`)), numbers(5));
  assert.deepEqual(dataOf(await send(`${url}/channels/scores?last=2`)), [4, 5]);
  const now = await send(`${url}/channels/scores?after=now`);
  assert.deepEqual(dataOf(now), []);
  assert.equal(now.json().position, ids.at(-1));
});

test('pages of a limit add up to everything, each once', async (t) => {
  const { hub, url } = await startHub(t);
  await publishAll(hub, 'scores', numbers(25));
  const seen: unknown[] = [];
  let after = 'start';
  for (let more = true; more; ) {
    const page = (await send(`${url}/channels/scores?after=${after}&limit=10`)).json();
    assert.ok(page.messages.length <= 10);
    seen.push(...page.messages.map(({ data }: { data: unknown }) => data));
    ({ more, position: after } = page);
  }
  assert.deepEqual(seen, numbers(25));
});

test('a gap is listed with the page that it precedes', async (t) => {
  const { hub, url } = await startHub(t, { channels: { '*': { retain: { count: 2 } } } });
  const ids = await publishAll(hub, 'scores', numbers(5));
  const page = (await send(`${url}/channels/scores?after=${ids[0]}`)).json();
  assert.deepEqual(page.gaps, [{ channel: 'scores', from: ids[0], to: ids[2], reason: 'trimmed' }]);
  assert.equal(page.messages.length, 2);
});

test('the ETag is the position, and nothing new is a 304 without a body', async (t) => {
  const { hub, url } = await startHub(t);
  const [id] = await publishAll(hub, 'scores', [1]);
  const first = await send(`${url}/channels/scores`);
  const etag = first.headers.etag as string;
  assert.ok(etag.includes(id!), etag);
  assert.match(etag, /^(W\/)?"[^"]+"$/);
  assert.equal(first.headers['fanwire-position'], id);

  const headers = { 'if-none-match': etag };
  const unchanged = await send(`${url}/channels/scores`, { headers });
  assert.equal(unchanged.status, 304);
  assert.equal(unchanged.body.length, 0);
  assert.equal(unchanged.headers.etag, etag);
  assert.equal(
    (await send(`${url}/channels/scores`, { headers: { 'if-none-match': `"x", ${etag}` } })).status,
    304,
  );

  await hub.publish('scores', 2);
  const changed = await send(`${url}/channels/scores`, { headers });
  assert.equal(changed.status, 200);
  assert.deepEqual(dataOf(changed), [1, 2]);
});

test('a 304 means nothing new for this very question', async (t) => {
  const { hub, url } = await startHub(t);
  const [, id] = await publishAll(hub, 'scores', [1, 2]);
  const { etag } = (await send(`${url}/channels/scores?after=${id}`)).headers;
  const headers = { 'if-none-match': etag as string };
  assert.equal((await send(`${url}/channels/scores?after=${id}`, { headers })).status, 304);
});

test('an answer that must be asked for anew says so to caches', async (t) => {
  const { url } = await startHub(t);
  const { headers } = await send(`${url}/channels/scores`);
  assert.match(headers['cache-control'] ?? '', /no-cache|max-age=0/);
  assert.match(headers.vary ?? '', /accept/i);
});

test('a shared cache may keep a poll for as long as the hub was told, and no longer', async (t) => {
  const { url } = await startHub(t, { pollCacheSeconds: 3 });
  const { headers } = await send(`${url}/channels/scores?after=start`);
  assert.equal(headers['cache-control'], 'public, max-age=0, s-maxage=3, stale-while-revalidate=0');
});

test('HEAD answers as GET does, without the body', async (t) => {
  const { hub, url } = await startHub(t);
  const { id } = await hub.publish('scores', 1);
  const { status, headers, body } = await send(`${url}/channels/scores`, { method: 'HEAD' });
  assert.equal(status, 200);
  assert.equal(headers['fanwire-position'], id);
  assert.equal(body.length, 0);
});

test('a parameter that cannot be meant is a 400', async (t) => {
  const { url } = await startHub(t, { log: memoryLog({ epoch: 'e' }) });
  for (const query of [
    'after=e',
    'after=e.-1',
    'after=E.1',
    'after=e.01',
    'after=e.99999999999999999',
    'after=',
  ]) {
    assertProblem(await send(`${url}/channels/scores?${query}`), 400, 'invalid_position');
  }
  for (const query of ['last=-1', 'last=x', 'last=1.5', 'limit=0', 'limit=x', 'wait=x', 'wait=-1']) {
    assertProblem(await send(`${url}/channels/scores?${query}`), 400, 'invalid_parameter');
  }
});

test('a limit above the largest page is cut to it', async (t) => {
  const { hub, url } = await startHub(t, { limits: { pageMessages: 3 } });
  await publishAll(hub, 'scores', numbers(5));
  const page = (await send(`${url}/channels/scores?after=start&limit=1000000`)).json();
  assert.equal(page.messages.length, 3);
  assert.equal(page.more, true);
});

test('whoever holds any version at all has this one, also where there is no message yet', async (t) => {
  const { url } = await startHub(t);
  const answer = await send(`${url}/channels/scores`, { headers: { 'if-none-match': '*' } });
  assert.equal(answer.status, 304);
  assert.equal(answer.body.length, 0);
});
