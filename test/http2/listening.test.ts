import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { get } from 'node:https';
import { connect, Socket } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createHub } from '../../src/index.ts';
import { post, send } from '../support/http.ts';
import { openSession, requestOn } from '../support/http2.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { PREFACE, settings } from '../support/raw-http2.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import { readText } from './support/read-text.ts';
import { startSecureHub } from './support/secure-hub.ts';

test('one port speaks HTTP/1.1 and HTTP/2, whichever the client begins with', async (t) => {
  const { url } = await startHub(t);
  assert.equal((await post(url, 'a', 1)).status, 201);
  const answer = await requestOn(openSession(t, url), '/channels/a');
  assert.equal(answer.statusCode, 200);
  assert.match(await readText(answer), /"data":1/);
});

for (const [what, pieces] of [
  ['a byte at a time', [...'POST /channels/a HTTP/1.1\r\n']],
  ['as far as the two are alike', ['P', 'OST /channels/a HTTP/1.1\r\n']],
] as const) {
  test(`a client whose first bytes come ${what} is answered`, async (t) => {
    const { port } = await startHub(t);
    const socket = openRawSocket(t, port);
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise(setImmediate);
    }
    const headers = ['Content-Type: application/json', 'Content-Length: 1', `Host: 127.0.0.1:${port}`];
    socket.write(`${headers.join('\r\n')}\r\n\r\n1`);
    assert.match(await socket.readThrough('\r\n'), /^HTTP\/1\.1 201 /);
  });
}

test('HTTP/2 is not begun behind a request of HTTP/1.1', async (t) => {
  const { port } = await startHub(t);
  const socket = openRawSocket(t, port);
  socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  assert.match(await socket.readThrough('"ok"'), /^HTTP\/1\.1 200 /);
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  assert.match((await socket.readAll()).toString(), /HTTP\/1\.1 400 /);
});

test('with a certificate ALPN decides, and either finds the hub', async (t) => {
  const { hub, url, sha256 } = await startSecureHub(t);
  assert.match(url, /^https:/);
  await hub.publish('a', 'x');
  const session = openSession(t, url);
  const answer = await requestOn(session, '/channels/a');
  assert.equal(session.alpnProtocol, 'h2');
  assert.match(await readText(answer), /"data":"x"/);
  const response = await new Promise<import('node:http').IncomingMessage>((resolve) =>
    get(`${url}/channels/a`, { rejectUnauthorized: false }, resolve),
  );
  assert.equal(response.httpVersion, '1.1');
  assert.match(await readText(response), /"data":"x"/);
  const shown = connectTls({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false });
  await once(shown, 'secureConnect');
  assert.equal(shown.getPeerX509Certificate()?.fingerprint256, sha256);
  shown.destroy();
});

test('answers over HTTP/2 have no headers of the connection', async (t) => {
  const warnings: string[] = [];
  const heard = ({ message }: Error) => warnings.push(message);
  process.on('warning', heard);
  t.after(() => process.off('warning', heard));
  const one = await startHub(t);
  const full = await startHub(t, { limits: { connectionsPerAddress: 1 } });
  const session = openSession(t, one.url);
  const crowded = openSession(t, full.url);
  const stream = await requestOn(crowded, '/channels/a', { headers: { accept: 'text/event-stream' } });
  for (const [over, path, options, status] of [
    // Refused as too many, as what has to be upgraded, with its body unread, and by its method.
    [crowded, '/channels/a', {}, 429],
    [session, '/connect', {}, 426],
    [session, '/channels/b%20d', { method: 'POST', body: 'x' }, 400],
    [session, '/channels/a', { method: 'PUT' }, 405],
    [session, '/healthz', {}, 200],
  ] as const) {
    const answer = await requestOn(over, path, options);
    assert.equal(answer.statusCode, status);
    for (const name of ['connection', 'keep-alive', 'upgrade', 'transfer-encoding']) {
      assert.equal(answer.headers[name], undefined, `${path}: ${name}`);
    }
    answer.resume();
  }
  stream.close();
  assert.deepEqual(warnings, []);
});

test('a body that is refused is not read to its end', async (t) => {
  const { url } = await startHub(t, { limits: { bodyBytes: 1000 } });
  const session = openSession(t, url);
  const stream = session.request({
    ':path': '/channels/a',
    ':method': 'POST',
    'content-type': 'text/plain',
  });
  stream.write('x'.repeat(2000));
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  const closed = once(stream, 'close');
  const [headers] = await once(stream, 'response');
  assert.equal(headers[':status'], 413);
  await closed;
  assert.match(text, /body_too_large/);
  assert.equal(stream.rstCode, constants.NGHTTP2_NO_ERROR);
});

for (const secure of [true, false]) {
  test(`a hub that closes waits for no client that leaves its connection open, ${secure ? 'over TLS' : 'in cleartext'}`, async (t) => {
    const hub = createHub();
    const { port } = await hub.listen({ port: 0, ...(secure && { tls: 'self-signed' as const }) });
    // As WebKit does for twelve seconds.
    const options = { port, host: '127.0.0.1', allowHalfOpen: true };
    const socket = secure
      ? connectTls({ ...options, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
      : connect(options);
    socket.on('error', () => {});
    onEnd(t, () => socket.destroy());
    await once(socket, secure ? 'secureConnect' : 'connect');
    socket.write(Buffer.concat([PREFACE, settings()]));
    await once(socket, 'data');
    socket.resume();
    await hub.close({ drainMs: 0 });
  });
}

test('a hub that closes says so to connections of HTTP/2, and ends them', async (t) => {
  const hub = createHub();
  onEnd(t, () => hub.close());
  const { url } = await hub.listen({ port: 0 });
  const idle = connectHttp2(url);
  const busy = connectHttp2(url);
  await Promise.all([once(idle, 'remoteSettings'), once(busy, 'remoteSettings')]);
  const stream = await requestOn(busy, '/channels/a', { headers: { accept: 'text/event-stream' } });
  const text = readText(stream);
  const told = Promise.all([once(idle, 'goaway'), once(busy, 'goaway')]);
  const ended = Promise.all([once(idle, 'close'), once(busy, 'close')]);
  await hub.close({ drainMs: 0 });
  for (const [code] of await told) assert.equal(code, constants.NGHTTP2_NO_ERROR);
  await ended;
  assert.match(await text, /^:/);
});

test('curl speaks to it as it likes', async (t) => {
  const { curl } = await import('./support/curl.ts');
  const { url } = await startHub(t);
  const secure = await startSecureHub(t);
  for (const [args, at, version] of [
    [['--http1.1'], url, '1.1'],
    // An offer of h2c, which is passed over (RFC 9113 section 3.1 has done away with it).
    [['--http2'], url, '1.1'],
    [['--http2-prior-knowledge'], url, '2'],
    [['--http2', '-k'], secure.url, '2'],
    [['--http1.1', '-k'], secure.url, '1.1'],
  ] as const) {
    const { body, httpVersion } = await curl([...args, `${at}/healthz`]);
    assert.equal(httpVersion, version, args.join(' '));
    assert.match(body, /"status":"ok"/);
    const publish = ['-H', 'Content-Type: application/json', '-d', `"by ${args.join(' ')}"`];
    assert.match((await curl([...args, ...publish, `${at}/channels/a`])).body, /"id"/);
  }
  assert.equal((await send(`${url}/channels/a`)).json().messages.length, 3);
});

for (const [over, start] of [
  ['cleartext', startHub],
  ['TLS', startSecureHub],
] as const) {
  for (const how of ['end', 'destroy'] as const) {
    test(`over ${over}, a client that leaves without a word of HTTP/2 is let go of: its socket's ${how}`, async (t) => {
      const { hub, url, port } = await start(t);
      const socket =
        over === 'TLS'
          ? connectTls({ port, ALPNProtocols: ['h2'], rejectUnauthorized: false })
          : connect(port);
      await once(socket, over === 'TLS' ? 'secureConnect' : 'connect');
      const session = connectHttp2(url, { createConnection: () => socket });
      session.on('error', () => {});
      const stream = session.request({ ':path': '/channels/a', accept: 'text/event-stream' });
      stream.on('error', () => {});
      await once(stream, 'data');
      assert.equal(hub.connections().length, 1);
      // Past the session, which would say goodbye.
      Socket.prototype[how].call(socket);
      while (hub.connections().length > 0) await new Promise(setImmediate);
      session.destroy();
    });
  }
}
