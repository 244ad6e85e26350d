import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startHub } from '../support/hub.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import { openRawWebSocket } from '../support/raw-websocket.ts';

test('a target in absolute form is one of the hub’s, with the authority that it names (RFC 9112 3.2.2)', async (t) => {
  const { hub, port } = await startHub(t, { hosts: ['hub.example'] });
  await hub.publish('a', 'x');
  for (const [target, host, answer] of [
    ['http://hub.example/channels/a?after=start', 'elsewhere.example', '"data":"x"'],
    ['HTTP://hub.example:80/channels/a', 'hub.example', '"data":"x"'],
    ['http://elsewhere.example/channels/a', 'hub.example', 'host_not_allowed'],
    ['http://hub.example', 'hub.example', 'nothing is at /'],
    ['*', 'hub.example', 'nothing is at /'],
  ]) {
    const socket = openRawSocket(t, port);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const text = (await socket.readAll()).toString();
    assert.ok(text.includes(answer!), `${target}: ${text}`);
  }
});

test('an upgrade may be offered beside others, in any spelling', async (t) => {
  const { port } = await startHub(t);
  for (const offer of ['WebSocket, h2c', 'h2c,websocket', 'WEBSOCKET']) {
    for (const path of ['/channels/a', 'http://127.0.0.1/channels/a']) {
      const { head } = await openRawWebSocket(t, port, path, { headers: { Upgrade: offer } });
      assert.match(head, /^HTTP\/1\.1 101 /, offer);
    }
  }
});

test('a transfer coding other than chunked is refused: nobody would undo it', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = openRawSocket(t, port);
  const head = `POST /channels/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: text/plain\r\n`;
  // Read to its end it may be answered on a connection that goes on.
  socket.write(`${head}Connection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`);
  assert.match((await socket.readAll()).toString(), /^HTTP\/1\.1 400 .*"invalid_parameter".*chunked alone/s);
  assert.equal(hub.stats().messages, 0);
});

test('a client whose body is refused reads the answer, though it goes on sending', async (t) => {
  const { port } = await startHub(t, { limits: { bodyBytes: 1000 } });
  const size = 8 * 1024 * 1024;
  for (const framing of [`Content-Length: ${size}`, 'Transfer-Encoding: chunked']) {
    for (const [path, status] of [
      ['/channels/a', 413],
      ['/channels/b%20d', 400],
    ] as const) {
      const socket = connect(port, '127.0.0.1');
      const faults: unknown[] = [];
      let text = '';
      socket
        .on('error', (error) => faults.push(error))
        .on('data', (part) => {
          text += part;
        });
      const chunked = framing.endsWith('chunked');
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: text/plain\r\n${framing}\r\n\r\n`,
      );
      const sent = Buffer.alloc(size, 'x');
      if (chunked) socket.write(`${size.toString(16)}\r\n`);
      socket.write(sent);
      if (chunked) socket.write('\r\n0\r\n\r\n');
      await new Promise((resolve) => socket.on('close', resolve));
      assert.deepEqual(faults, [], framing);
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} .*Connection: close`, 's'));
    }
  }
});

test('who asks for the end of its connection has it, also where the answer has a word about the connection itself', async (t) => {
  const { port } = await startHub(t);
  for (const head of ['HTTP/1.1\r\nConnection: close', 'HTTP/1.0']) {
    const socket = openRawSocket(t, port);
    socket.write(`GET /connect ${head}\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const answer = (await socket.readAll()).toString();
    assert.match(answer, /^HTTP\/1\.1 426 /);
    assert.match(answer, /^Connection: Upgrade, close\r$/m);
  }
});
