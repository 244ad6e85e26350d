import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openResponse, post, readAnswer, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';

test('a method that a path does not have is a 405 with Allow', async (t) => {
  const { url } = await startHub(t);
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const answer = await send(`${url}/channels/scores`, { method });
    assertProblem(answer, 405, 'method_not_allowed');
    const allowed = (answer.headers.allow ?? '').split(/,\s*/);
    for (const each of ['GET', 'POST', 'OPTIONS']) assert.ok(allowed.includes(each), `${each} in ${allowed}`);
  }
  const answer = await send(`${url}/healthz`, { method: 'POST' });
  assertProblem(answer, 405, 'method_not_allowed');
  assert.match(answer.headers.allow ?? '', /GET/);
});

test('a media type that no transport speaks is a 406', async (t) => {
  const { url } = await startHub(t);
  for (const accept of ['image/png', 'application/json;q=0', 'text/html']) {
    const answer = await send(`${url}/channels/scores`, { headers: { accept } });
    assertProblem(answer, 406, 'not_acceptable');
  }
});

test('Accept chooses by quality, and whatever takes anything gets JSON', async (t) => {
  const { hub, url } = await startHub(t);
  await hub.publish('scores', 1);
  const chosen = async (accept?: string) => {
    const response = await openResponse(`${url}/channels/scores`, { headers: accept ? { accept } : {} });
    response.destroy();
    return response.headers['content-type']?.split(';')[0];
  };
  assert.equal(await chosen(), 'application/json');
  assert.equal(await chosen('*/*'), 'application/json');
  assert.equal(await chosen('application/*'), 'application/json');
  assert.equal(await chosen('text/html,application/xhtml+xml,*/*;q=0.8'), 'application/json');
  assert.equal(await chosen('text/event-stream'), 'text/event-stream');
  assert.equal(await chosen('TEXT/Event-Stream'), 'text/event-stream');
  assert.equal(await chosen('application/x-ndjson'), 'application/x-ndjson');
  assert.equal(await chosen('application/json;q=0.1, application/x-ndjson;q=0.9'), 'application/x-ndjson');
});

test('a path that is nothing is a 404', async (t) => {
  const { url } = await startHub(t);
  for (const path of ['/channels', '/nothing', '/channels/a/b']) {
    assertProblem(await send(`${url}${path}`), 404, 'not_found');
  }
});

test('publishing faster than the limit is a 429 that says when to come back, and others are not held up', async (t) => {
  const { url } = await startHub(t, { limits: { publishesPerSecond: 2 } });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => post(url, 'scores', index)));
  const refused = answers.find(({ status }) => status === 429);
  assert.ok(refused, 'a burst is bounded');
  assertProblem(refused, 429, 'too_many_publishes');
  assert.ok(Number(refused.headers['retry-after']) >= 1);
  assert.equal((await send(`${url}/channels/scores`)).status, 200);
});

test('a batch counts as many as it holds: what follows it waits, and no longer than a burst takes', async (t) => {
  const { url } = await startHub(t, { limits: { publishesPerSecond: 50 } });
  const publish = () =>
    send(`${url}/channels/scores`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: '1\n'.repeat(100),
    });
  assert.equal((await publish()).status, 201);
  const refused = await publish();
  assertProblem(refused, 429, 'too_many_publishes');
  assert.ok(Number(refused.headers['retry-after']) <= 2);
  assert.equal((await send(`${url}/channels/scores?after=start`)).json().messages.length, 100);
});

test('more connections of one address than the limit are a 429, until one is given up', async (t) => {
  const { url } = await startHub(t, { limits: { connectionsPerAddress: 2 } });
  const headers = { accept: 'application/x-ndjson' };
  const first = await openResponse(`${url}/channels/scores`, { headers });
  const second = await openResponse(`${url}/channels/scores`, { headers });
  const third = await readAnswer(await openResponse(`${url}/channels/scores`, { headers }));
  assertProblem(third, 429, 'too_many_connections');
  first.destroy();
  for (;;) {
    // The hub learns of the closed connection a moment after the test does.
    const next = await openResponse(`${url}/channels/scores`, { headers });
    next.destroy();
    if (next.statusCode === 200) break;
  }
  second.destroy();
});

test('a request that has failed before its body is read leaves the connection usable or closed, never mixed up', async (t) => {
  const { url } = await startHub(t);
  const body = 'x'.repeat(200_000);
  for (let index = 0; index < 5; index++) {
    const answer = await send(`${url}/channels/b%20d`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    });
    assertProblem(answer, 400, 'invalid_channel');
  }
});
