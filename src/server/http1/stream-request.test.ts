import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { hasLeft, StreamRequest } from './stream-request.ts';

/** As Node's parser makes it. */
function parsed(socket: Socket, headers: Readonly<Record<string, string>> = {}): StreamRequest {
  const request = new StreamRequest(socket);
  request.httpVersion = '1.1';
  request.upgrade = false;
  request.headers = { host: '127.0.0.1', accept: 'text/event-stream', ...headers };
  request.method = 'GET';
  return request;
}

test('only what nothing but a stream can answer asks for its socket', () => {
  for (const headers of [
    { accept: 'application/json' },
    { accept: 'text/event-stream, */*' },
    { 'content-length': '3' },
    { 'transfer-encoding': 'chunked' },
    { expect: '100-continue' },
    { upgrade: 'h2c' },
  ]) {
    assert.equal(parsed(new Socket(), headers).upgrade, false, JSON.stringify(headers));
  }
  const unanswered = Object.assign(new Socket(), { _httpMessage: {} });
  assert.equal(parsed(unanswered).upgrade, false, 'behind a request that has no answer yet');
});

test('a server that hands no sockets over answers as usual', async (t) => {
  const server = createServer({ IncomingMessage: StreamRequest }, (_, response) => response.end('answer'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const part of socket) text += part;
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n.*answer$/s);
});

test('what is parsed behind a stream before its socket is handed over ends the connection', () => {
  const socket = new Socket();
  const request = parsed(socket);
  assert.equal(request.upgrade, true);
  new StreamRequest(socket);
  assert.ok(socket.destroyed);
  assert.equal(hasLeft(request), false);
});

test('a runtime that does not hand a socket over is not asked again', async () => {
  const garbled = new Socket();
  assert.equal(parsed(garbled).upgrade, true);
  garbled.destroy();
  await turn();
  const lost = new Socket();
  assert.equal(parsed(lost).upgrade, true, 'what the client has ended says nothing of the runtime');
  await turn();
  assert.ok(lost.destroyed, 'its client comes back');
  assert.equal(parsed(new Socket()).upgrade, false);
});
