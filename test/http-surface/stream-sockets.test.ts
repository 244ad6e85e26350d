import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';

const BEGINNINGS = {
  'text/event-stream': 'data: {}\n\n',
  'application/x-ndjson': '1\r\n\n\r\n',
} as const;

function streamOf(mediaType: string, path = '/channels/scores'): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: ${mediaType}\r\n\r\n`;
}

test('idle streams keep neither their requests nor their responses', async (t) => {
  const { hub, port } = await startHub(t);
  // A response holds its request.
  const held = () => queryObjects(IncomingMessage, { format: 'count' });
  const before = held();
  const sockets: RawSocket[] = [];
  for (const [mediaType, beginning] of Object.entries(BEGINNINGS)) {
    for (let count = 0; count < 10; count++) {
      const socket = openRawSocket(t, port);
      socket.write(streamOf(mediaType));
      await socket.readThrough(beginning);
      sockets.push(socket);
    }
  }
  assert.equal(hub.connections().length, sockets.length);
  assert.equal(held(), before);
  await hub.publish('scores', 'to all');
  for (const socket of sockets) await socket.readThrough('to all');
});

for (const [mediaType, beginning] of Object.entries(BEGINNINGS)) {
  test(`a stream of ${mediaType} says that its connection ends with it, and ends it whole`, async (t) => {
    const { hub, port } = await startHub(t);
    const socket = openRawSocket(t, port);
    socket.write(streamOf(mediaType));
    const head = await socket.readThrough('\r\n\r\n');
    assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(head, /^Connection: close\r$/m);
    assert.match(head, /^Transfer-Encoding: chunked\r$/m);
    await socket.readThrough(beginning);
    hub.disconnect(() => true);
    assert.match((await socket.readAll()).toString(), /(^|\r\n)0\r\n\r\n$/);
    assert.deepEqual(hub.connections(), []);
  });
}

test('a connection that was kept open takes a stream as well', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = openRawSocket(t, port);
  for (let count = 0; count < 2; count++) {
    socket.write('GET /channels/scores HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    assert.match(await socket.readThrough('"more":false}'), /^HTTP\/1\.1 200 /);
  }
  socket.write(streamOf('text/event-stream'));
  await socket.readThrough('data: {}\n\n');
  await hub.publish('scores', 1);
  await socket.readThrough('data: 1\n\n');
});

test('a client that sends no more is gone, and its place is free', async (t) => {
  const { hub, port } = await startHub(t, { limits: { connectionsPerAddress: 1 } });
  for (let round = 0; round < 3; round++) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {});
    onEnd(t, () => void socket.destroy());
    socket.write(streamOf('text/event-stream'));
    let text = '';
    for await (const part of socket) {
      text += part;
      if (text.endsWith('data: {}\n\n\r\n')) socket.end();
    }
    assert.match(text, /^HTTP\/1\.1 200 /);
    while (hub.connections().length > 0) await turn();
  }
});

test('a stream that is refused is told why, and its connection ends', async (t) => {
  const { port } = await startHub(t);
  for (const [path, answer] of [
    ['/channels/a%20b', /^HTTP\/1\.1 400 .*"invalid_channel"/s],
    ['/elsewhere', /^HTTP\/1\.1 404 .*"not_found"/s],
  ] as const) {
    const socket = openRawSocket(t, port);
    socket.write(streamOf('application/x-ndjson', path));
    assert.match((await socket.readAll()).toString(), answer);
  }
});

test('a hub that closes waits a moment for a client that reads nothing, and not for ever', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = openRawSocket(t, port);
  socket.write(streamOf('application/x-ndjson'));
  await socket.readThrough(BEGINNINGS['application/x-ndjson']);
  socket.pause();
  while (!hub.connections()[0]?.lagging) await hub.publish('scores', 'x'.repeat(60_000));
  await hub.close({ drainMs: 0 });
  assert.deepEqual(hub.connections(), []);
});
