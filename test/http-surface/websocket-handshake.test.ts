import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startHub } from '../support/hub.ts';
import { openRawWebSocket } from '../support/raw-websocket.ts';

/** The second is RFC 6455's own, section 1.3. */
const VECTORS = {
  'T2a6wZlAwhgQNqruZ2YUyg==': 'iBJKv/ALIW2DobfoA4dmr3JHBCY=',
  'dGhlIHNhbXBsZSBub25jZQ==': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
};

for (const [key, accept] of Object.entries(VECTORS)) {
  test(`the key ${key} is accepted with ${accept}`, async (t) => {
    const { port } = await startHub(t);
    const { head } = await openRawWebSocket(t, port, '/channels/scores', { key });
    assert.match(head, /^HTTP\/1\.1 101 /);
    assert.match(head, /^upgrade: websocket\r$/im);
    assert.match(head, /^connection: upgrade\r$/im);
    assert.equal(/^sec-websocket-accept: (.*)\r$/im.exec(head)?.[1], accept);
  });
}

test('no extension is agreed on that the hub does not speak', async (t) => {
  const { port } = await startHub(t);
  const headers = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' };
  const { head } = await openRawWebSocket(t, port, '/channels/scores', { headers });
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.doesNotMatch(head, /sec-websocket-extensions/i);
});

test('a subprotocol that is a token is never the one that is answered', async (t) => {
  const { port } = await startHub(t);
  const headers = { 'Sec-WebSocket-Protocol': 'bearer.secret, fanwire.1' };
  const { head } = await openRawWebSocket(t, port, '/channels/scores', { headers });
  assert.match(head, /^sec-websocket-protocol: fanwire\.1\r$/im);
  assert.doesNotMatch(head, /secret/);
});

const REFUSALS = [
  { promise: 'a key that is not 16 bytes is a 400', options: { key: 'short' }, status: /400/ },
  {
    promise: 'another version is refused',
    options: { headers: { 'Sec-WebSocket-Version': '12' } },
    status: /4(00|26)/,
  },
  { promise: 'a path that is nothing is a 404', path: '/nothing', status: /404/ },
  { promise: 'a channel name that is none is a 400', path: '/channels/b%20d', status: /400/ },
  { promise: 'a position that is none is a 400', path: '/channels/scores?after=x', status: /400/ },
];

for (const { promise, options = {}, path = '/channels/scores', status } of REFUSALS) {
  test(`instead of an upgrade, ${promise}`, async (t) => {
    const { port } = await startHub(t);
    const { head } = await openRawWebSocket(t, port, path, options);
    assert.match(head.split('\r\n')[0]!, status);
  });
}

test('a refused handshake lets go of its socket, though the client keeps its own end open', async (t) => {
  const { port } = await startHub(t);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  const head =
    'GET /channels/scores HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
  const version = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  socket.write(`${head}${version}Origin: https://evil.example\r\n\r\n`);
  await once(socket.resume(), 'end');
  // Written to, a connection that is closed at the other end answers with a reset; a half-open one takes it all.
  const reset = once(socket, 'error');
  const timer = setInterval(() => socket.write('x'), 10);
  t.after(() => clearInterval(timer));
  const [error] = await reset;
  assert.match(error.code, /ECONNRESET|EPIPE/);
});
