import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { accepts, isUpgrade } from '../../../src/lab/middlebox/request-head.ts';
import { bufferBody, dropUpgrade, reset } from '../../../src/lab/middlebox/treatments.ts';
import { openResponse, readAnswer, send } from '../http.ts';
import { onEnd } from '../on-end.ts';
import {
  answer,
  cutAfterBytes,
  cutWhenIdle,
  late,
  muteUpgrade,
  observe,
  resetAfterBytes,
  swallow,
  trickle,
  withholdBody,
} from './faults.ts';
import { startProxy } from './proxy.ts';

const hello: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => response.end('hello'));
};

/** Its answers begin at once and end when the test says so. */
function slowly(): { listener: RequestListener; finish: () => void } {
  const open: (() => void)[] = [];
  return {
    listener: (_request, response) => {
      response.write('first');
      open.push(() => response.end('last'));
    },
    finish: () => {
      for (const end of open) end();
    },
  };
}

async function setUp(t: TestContext, listener: RequestListener = hello) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  return startProxy(t, (server.address() as AddressInfo).port);
}

test('without a rule the answer passes and the request is on record', async (t) => {
  const proxy = await setUp(t);
  const { status, text } = await send(`${proxy.url}/a?b=c`, { method: 'POST', body: 'x'.repeat(100_000) });
  assert.equal(status, 200);
  assert.equal(text, 'hello');
  assert.deepEqual(
    proxy.requests.map(({ method, target }) => [method, target]),
    [['POST', '/a?b=c']],
  );
});

test('a rule holds for the requests it matches, as often as it says', async (t) => {
  const proxy = await setUp(t);
  proxy.use(answer(503, { 'Retry-After': '1' }), { when: accepts('text/event-stream'), times: 1 });
  const headers = { accept: 'text/event-stream' };
  assert.equal((await send(proxy.url)).status, 200);
  const refused = await send(proxy.url, { headers });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers['retry-after'], '1');
  assert.equal((await send(proxy.url, { headers })).status, 200);
});

test('a mute upgrade completes the handshake and says nothing', async (t) => {
  const proxy = await setUp(t);
  proxy.use(muteUpgrade, { when: isUpgrade });
  const socket = new WebSocket(proxy.url.replace('http', 'ws'), 'fanwire.1');
  await once(socket, 'open');
  assert.equal(socket.protocol, 'fanwire.1');
  socket.terminate();
  await once(socket, 'close');
});

test('a withheld body never comes though the head does', async (t) => {
  const proxy = await setUp(t);
  proxy.use(withholdBody);
  const response = await openResponse(proxy.url);
  assert.equal(response.statusCode, 200);
  const body = once(response, 'data').catch(() => 'nothing');
  proxy.resetAll();
  assert.equal(await body, 'nothing');
});

test('a buffered body comes when the target has finished it', async (t) => {
  const { listener, finish } = slowly();
  const proxy = await setUp(t, listener);
  proxy.use(bufferBody);
  const response = await openResponse(proxy.url);
  let text = '';
  response.on('data', (chunk) => {
    text += chunk;
  });
  finish();
  await once(response, 'end');
  assert.equal(text, 'firstlast');
});

test('an idle connection is cut', async (t) => {
  const proxy = await setUp(t, slowly().listener);
  proxy.use(cutWhenIdle(20));
  await assert.rejects(send(proxy.url), { code: 'ECONNRESET' });
});

test('a connection cut after N bytes has let through N bytes', async (t) => {
  const proxy = await setUp(t);
  const seen: Buffer[] = [];
  proxy.use(observe((chunk) => seen.push(chunk)));
  await send(proxy.url);
  const whole = Buffer.concat(seen).length;
  proxy.use(cutAfterBytes(whole - 2));
  const response = await openResponse(proxy.url);
  const chunks: Buffer[] = [];
  await assert.rejects(async () => {
    for await (const chunk of response) chunks.push(chunk);
  });
  assert.equal(Buffer.concat(chunks).toString(), 'hel');
});

test('a connection reset after N bytes has let through N bytes at most, and is reset', async (t) => {
  const proxy = await setUp(t, slowly().listener);
  proxy.use(resetAfterBytes(20));
  await assert.rejects(send(proxy.url), { code: 'ECONNRESET' });
});

test('what is open goes mute without an end, and new connections pass', async (t) => {
  const { listener, finish } = slowly();
  const proxy = await setUp(t, listener);
  const response = await openResponse(proxy.url);
  await once(response, 'data');
  const more = once(response, 'data').catch(() => 'nothing');
  proxy.muteAll();
  finish();
  // The one that came later has everything.
  const later = await openResponse(proxy.url);
  finish();
  assert.equal((await readAnswer(later)).text, 'firstlast');
  proxy.resetAll();
  assert.equal(await more, 'nothing');
});

test('an upgrade that is dropped arrives as a plain request', async (t) => {
  const proxy = await setUp(t, (request, response) => response.end(JSON.stringify(request.headers)));
  proxy.use(dropUpgrade, { when: isUpgrade });
  const socket = new WebSocket(proxy.url.replace('http', 'ws'));
  const [, response] = await once(socket, 'unexpected-response');
  const { connection, upgrade, host, ...rest } = JSON.parse((await readAnswer(response)).text);
  assert.deepEqual([connection, upgrade, host], ['close', undefined, `127.0.0.1:${proxy.port}`]);
  assert.ok(Object.keys(rest).every((name) => !name.startsWith('sec-websocket')));
});

test('a late answer arrives whole', async (t) => {
  const proxy = await setUp(t);
  proxy.use(late(20));
  assert.equal((await send(proxy.url)).text, 'hello');
});

test('a trickled answer arrives whole', async (t) => {
  const proxy = await setUp(t);
  proxy.use(trickle);
  assert.equal((await send(proxy.url)).text, 'hello');
});

test('a swallowed request hangs until every connection is reset', async (t) => {
  const proxy = await setUp(t);
  proxy.use(swallow);
  const seen = proxy.nextRequest();
  const answered = send(proxy.url);
  answered.catch(() => {});
  await seen;
  assert.equal(proxy.open, 1);
  proxy.resetAll();
  await assert.rejects(answered, { code: 'ECONNRESET' });
  await proxy.until(() => proxy.open === 0);
});

test('a reset connection is reset and a healed proxy passes again', async (t) => {
  const proxy = await setUp(t);
  proxy.use(reset);
  await assert.rejects(send(proxy.url), { code: 'ECONNRESET' });
  proxy.heal();
  assert.equal((await send(proxy.url)).status, 200);
});

test('a target that is gone looks like a broken connection', async (t) => {
  const proxy = await setUp(t);
  proxy.target = 1;
  await assert.rejects(send(proxy.url));
});
