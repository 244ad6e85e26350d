import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { createHub } from '../../src/index.ts';
import { openSession, openStreamWebSocket, requestOn } from '../support/http2.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { OPCODE } from '../support/raw-websocket.ts';
import { readText } from './support/read-text.ts';
import { startSecureHub } from './support/secure-hub.ts';

test('with a certificate, too, a stream is a WebSocket, beside requests on the same connection', async (t) => {
  const { hub, url } = await startSecureHub(t);
  const session = openSession(t, url);
  const { status, webSocket } = await openStreamWebSocket(`${url}/channels/a`, {}, session);
  assert.equal(status, 200);
  await webSocket.readFrameOf(OPCODE.text);
  const { statusCode } = await requestOn(session, '/channels/a', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '"posted"',
  });
  assert.equal(statusCode, 201);
  assert.match((await webSocket.readFrameOf(OPCODE.text)).payload.toString(), /"posted"/);
  webSocket.write(OPCODE.text, '"sent"');
  assert.match((await webSocket.readFrameOf(OPCODE.text)).payload.toString(), /"ack"|"sent"/);
  assert.deepEqual(
    hub.connections().map(({ transport }) => transport),
    ['websocket'],
  );
});

test('the answer has nothing of the handshake of HTTP/1.1', async (t) => {
  const { url } = await startHub(t);
  const { response } = await openStreamWebSocket(`${url}/connect`, {
    'sec-websocket-protocol': 'fanwire.1, bearer.x',
  });
  const { date: _, ...rest } = response.headers;
  assert.deepEqual(Object.entries(rest), [
    [':status', 200],
    ['sec-websocket-protocol', 'fanwire.1'],
  ]);
  response.close();
});

test('messages are compressed for who offers it', async (t) => {
  const { hub, url } = await startHub(t, { compression: true });
  const { response, webSocket } = await openStreamWebSocket(`${url}/channels/a`, {
    'sec-websocket-extensions': 'permessage-deflate',
  });
  assert.match(String(response.headers['sec-websocket-extensions']), /^permessage-deflate; /);
  await webSocket.readFrameOf(OPCODE.text);
  await hub.publish('a', 'x'.repeat(10_000));
  const { first, payload } = await webSocket.readFrame();
  assert.equal(first, 0xc1);
  const text = inflateRawSync(Buffer.concat([payload, Buffer.of(0, 0, 0xff, 0xff)]), { finishFlush: 2 });
  assert.match(text.toString(), /x{10000}/);
  webSocket.socket.destroy();
});

for (const [what, path, headers, status, code] of [
  ['a channel that is none', '/channels/b%20d', {}, 400, 'invalid_channel'],
  ['a page of elsewhere', '/channels/a', { origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
  ['a path that is not the hub’s', '/nowhere', {}, 404, 'not_found'],
] as const) {
  test(`${what} is refused as by HTTP`, async (t) => {
    const { url } = await startHub(t);
    const opened = await openStreamWebSocket(`${url}${path}`, headers);
    assert.equal(opened.status, status);
    assert.equal(opened.response.headers['content-type'], 'application/problem+json');
    assert.equal(opened.response.headers.connection, undefined);
    assert.equal(JSON.parse((await opened.webSocket.socket.readAll()).toString()).code, code);
  });
}

test('a version that is not spoken is refused', async (t) => {
  const { url } = await startHub(t);
  const { status, response } = await openStreamWebSocket(`${url}/channels/a`, {
    'sec-websocket-version': '7',
  });
  assert.equal(status, 400);
  assert.equal(response.headers['sec-websocket-version'], '13, 8');
});

test('the hub closes with its code, and the stream ends on both sides', async (t) => {
  const { hub, url } = await startHub(t);
  const { response, webSocket } = await openStreamWebSocket(`${url}/channels/a`);
  await webSocket.readFrameOf(OPCODE.text);
  hub.disconnect(() => true);
  const { payload } = await webSocket.readFrameOf(OPCODE.close);
  assert.equal(payload.readUInt16BE(), 1012);
  webSocket.write(OPCODE.close, payload);
  if (!response.readableEnded) await once(response, 'end');
  response.end();
  await once(response, 'close');
  assert.equal(response.rstCode, 0);
  assert.deepEqual(hub.connections(), []);
});

test('a stream that is reset is a connection that is gone', async (t) => {
  const { hub, url } = await startHub(t);
  const { response, webSocket } = await openStreamWebSocket(`${url}/channels/a`);
  await webSocket.readFrameOf(OPCODE.text);
  assert.equal(hub.connections().length, 1);
  response.close(8);
  while (hub.connections().length > 0) await new Promise(setImmediate);
});

test('a program’s own server of HTTP/2 serves WebSockets, if its settings say so, and keeps its own', async (t) => {
  const server = createServer({ settings: { enableConnectProtocol: true } });
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200 });
    stream.end(`theirs ${headers[':method']} ${headers[':path']}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hub = createHub();
  hub.attach(server);
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    server.close();
  });
  const session = openSession(t, url);
  const own = await openStreamWebSocket(`${url}/channels/a`, {}, session);
  assert.match((await own.webSocket.readFrameOf(OPCODE.text)).payload.toString(), /^{"heartbeat"/);
  const others = await openStreamWebSocket(`${url}/chat`, {}, session);
  assert.equal((await others.webSocket.socket.readAll()).toString(), 'theirs CONNECT /chat');
  assert.equal(await readText(await requestOn(session, '/other')), 'theirs GET /other');
});
