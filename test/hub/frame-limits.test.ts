import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { answerTo, connectSdk, postFrames } from './support/sdk.ts';

const publish = (ref: number, data: unknown, more: { key?: string } = {}) => ({
  ref,
  publish: { channel: 'a', data, ...more },
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

test('a request takes so many frames, and as many as subscribe to all that a connection may have', async (t) => {
  const limits = { framesPerRequest: 3, channelsPerConnection: 5 };
  const { url } = await startHub(t, { limits });
  const pings = (count: number) => Array.from({ length: count }, (_, index) => ({ ping: index }));
  assert.equal((await postFrames(url, pings(5))).status, 200);
  const refused = await postFrames(url, pings(6));
  assertProblem(refused, 413, 'batch_too_large');
  assert.match(refused.json().detail, /framesPerRequest/);
});

test('what follows a hello that is not accepted is not read', async (t) => {
  const { url } = await startHub(t, { authorise: { secret: 'x'.repeat(32) } });
  const body = '[{"hello":{"client":"client-of-a-test","token":"none"}},{"ref":';
  const post = (rest: string) =>
    send(`${url}/connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `${body}${rest}]`,
    });
  assertProblem(await post('oops}'), 401, 'unauthenticated');
});

test('a publish whose data nests too deep fails alone, over HTTP and a WebSocket', async (t) => {
  const { url } = await startHub(t);
  const answer = await postFrames(url, [publish(1, nested(64)), publish(2, nested(65)), publish(3, 'after')]);
  assert.ok(answerTo(1, answer).ok.id);
  assert.equal(answerTo(2, answer).error.code, 'json_too_deep');
  assert.ok(answerTo(3, answer).ok.id);

  const sdk = await connectSdk(t, url);
  assert.ok((await sdk.ask(publish(1, nested(64)))).ok.id);
  assert.equal((await sdk.ask(publish(2, nested(500)))).error.code, 'json_too_deep');
  assert.ok((await sdk.ask(publish(3, 'after'))).ok.id);
  // Whose answer it would be is not known.
  sdk.socket.send(`{"publish":{"channel":"a","data":${'['.repeat(100)}`);
  assert.equal((await sdk.nextOf('error')).error.code, 'json_too_deep');
  assert.equal((await sdk.closed).code, 4400);
});

test('a channel’s WebSocket names the limit that a message met, and goes on', async (t) => {
  const { url } = await startHub(t, { limits: { messageBytes: 100, jsonDepth: 3 } });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`);
  t.after(() => socket.terminate());
  const answers: string[] = [];
  socket.on('message', (bytes) => {
    const { ack, error } = JSON.parse(String(bytes));
    if (ack || error) answers.push(error?.code ?? 'ack');
  });
  await once(socket, 'open');
  for (const text of [`"${'x'.repeat(99)}"`, '[[[[1]]]]', '[[[1]]]', 'oops']) socket.send(text);
  while (answers.length < 4) await once(socket, 'message');
  assert.deepEqual(answers, ['message_too_large', 'json_too_deep', 'ack', 'invalid_json']);
});

test('who may not publish takes nobody’s turn, by frames or on a channel’s WebSocket', async (t) => {
  const { url } = await startHub(t, {
    channels: { a: { publish: 'nobody' } },
    limits: { publishesPerSecond: 1 },
  });
  const sdk = await connectSdk(t, url);
  for (let ref = 1; ref <= 5; ref++) assert.equal((await sdk.ask(publish(ref, 1))).error.code, 'forbidden');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`);
  t.after(() => socket.terminate());
  let refused = 0;
  socket.on('message', (bytes) => {
    if (String(bytes).includes('forbidden')) refused += 1;
  });
  await once(socket, 'open');
  for (let sent = 0; sent < 5; sent++) socket.send('1');
  while (refused < 5) await once(socket, 'message');
  const batch = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: '1\n2' };
  assert.equal((await send(`${url}/channels/b`, batch)).status, 201);
});

test('a frame’s message and its conflation key have their limits', async (t) => {
  const { url } = await startHub(t, { limits: { messageBytes: 100, conflationKeyBytes: 4 } });
  const sdk = await connectSdk(t, url);
  assert.equal((await sdk.ask(publish(1, 'x'.repeat(99)))).error.code, 'message_too_large');
  assert.equal((await sdk.ask(publish(2, 1, { key: 'ééx' }))).error.code, 'invalid_parameter');
  assert.ok((await sdk.ask(publish(3, 1, { key: 'éé' }))).ok.id);
});
