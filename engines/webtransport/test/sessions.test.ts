import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebTransport } from '../src/client/index.ts';
import type { SessionRequest } from '../src/server.ts';
import { LOST } from '../src/session.ts';
import { echo } from './support/echo.ts';
import { next, readAll, writeAll } from './support/reading.ts';
import { selfSigned } from './support/self-signed.ts';
import { clientOf, queue, startServing } from './support/serving.ts';
import { startProxy } from './support/udp-proxy.ts';

const CLOSE = { closeCode: 7, reason: 'see you' };

test('a request says what is asked for, by whom and from where', async (t) => {
  const requests = queue<SessionRequest>();
  const { server, certificate } = await startServing(t, { onSession: requests.put });
  const client = new WebTransport(`https://localhost:${server.port}/channels/scores?since=4`, {
    ca: certificate.cert,
    headers: { origin: 'https://example.com', 'x-more': 'than that' },
  });
  t.after(() => client.close());
  const request = await requests.take();
  const { path, authority, origin, address, headers } = request;
  assert.deepEqual(
    { path, authority, origin, address, more: headers['x-more'] },
    {
      path: '/channels/scores?since=4',
      authority: `localhost:${server.port}`,
      origin: 'https://example.com',
      address: '127.0.0.1',
      more: 'than that',
    },
  );
  request.accept();
  await client.ready;
});

test('a rejected request is no session', async (t) => {
  const { connect } = await startServing(t, { onSession: (request) => request.reject(404) });
  await assert.rejects(connect(), /404/);
});

test('a request whose judge throws is rejected, and its server told', async (t) => {
  const thrown = new Error('no judgement');
  const { connect, failed } = await startServing(t, {
    onSession() {
      throw thrown;
    },
  });
  await assert.rejects(connect(), /500/);
  assert.equal(await failed(), thrown);
});

test('a session that is accepted when its client has gone is lost', async (t) => {
  const requests = queue<SessionRequest>();
  const { server, certificate } = await startServing(t, {
    onSession: requests.put,
    limits: { idleMs: 3_000 },
  });
  const proxy = await startProxy(t, server.port, true);
  const client = clientOf(proxy.port, certificate);
  t.after(() => client.close());
  const request = await requests.take();
  proxy.cut();
  while ((await server.count()).engine.sessions > 0);
  const session = request.accept();
  const code = await new Promise<number>((resolve) => {
    session.onclose = resolve;
  });
  assert.equal(code, LOST);
  assert.equal((await server.count()).thread.sessions, 0);
});

test('a client’s code and reason reach the server', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const session = await accepted();
  const closed = new Promise((resolve) => {
    session.onclose = (closeCode, reason) => resolve({ closeCode, reason });
  });
  client.close(CLOSE);
  assert.deepEqual(await closed, CLOSE);
  assert.deepEqual(await client.closed, CLOSE);
  assert.throws(() => session.openUnidirectional(), /has ended/);
});

test('the server’s code and reason reach a client', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  (await accepted()).close(CLOSE.closeCode, CLOSE.reason);
  assert.deepEqual(await client.closed, CLOSE);
  await assert.rejects(client.createUnidirectionalStream(), { name: 'WebTransportError' });
});

test('a reason that is too long is cut between characters', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  (await accepted()).close(0, '€'.repeat(1_000));
  assert.equal((await client.closed).reason, '€'.repeat(341));
});

test('a server that closes takes leave of its clients', async (t) => {
  const { server, connect } = await startServing(t);
  const client = await connect();
  const [end] = await Promise.all([client.closed.catch((error) => error), server.close()]);
  assert.match(String(end), /Connection lost/);
});

test('datagrams go both ways, and one that is too long does not go', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const session = await accepted();
  session.onstream = echo;
  session.ondatagram = (bytes) => session.sendDatagram(bytes);
  const writer = client.datagrams.writable.getWriter();
  let came: Uint8Array | undefined;
  void next(client.datagrams.readable).then((bytes) => {
    came = bytes;
  });
  const datagram = Buffer.alloc(session.maxDatagramSize, 'd');
  // Any of them may be lost. What goes there and back is the clock.
  while (!came) {
    await writer.write(datagram);
    const { readable, writable } = await client.createBidirectionalStream();
    await Promise.all([readAll(readable), writeAll(writable, Buffer.from('tick'))]);
  }
  assert.ok(datagram.equals(came));
  assert.throws(() => session.sendDatagram(Buffer.alloc(session.maxDatagramSize + 1)), RangeError);
});

test('datagrams that come faster than they leave are refused until there is room', async (t) => {
  const { connect, accepted } = await startServing(t);
  await connect();
  const session = await accepted();
  const datagram = Buffer.alloc(1_000);
  let sent = 0;
  while (session.sendDatagram(datagram)) sent += 1;
  assert.ok(sent > 1 && sent < 1_000, `${sent} were taken`);
  await new Promise<void>((resolve) => {
    session.ondrain = resolve;
  });
  assert.equal(session.sendDatagram(datagram), true);
});

test('a client refuses a certificate with another hash, and one that no authority vouches for', async (t) => {
  const { server, certificate } = await startServing(t);
  const other = { ...certificate, hash: new Uint8Array(32) };
  await assert.rejects(clientOf(server.port, other).ready, /none of the hashes/);
  await assert.rejects(new WebTransport(`https://127.0.0.1:${server.port}/`).ready, /unknown authority/);
});

test('a new certificate is used from the next handshake on, and sessions stay', async (t) => {
  const { server, connect, accepted, certificate } = await startServing(t);
  const before = await connect();
  (await accepted()).onstream = echo;
  const renewed = selfSigned();
  assert.throws(() => server.setCertificate({ cert: renewed.cert, key: certificate.key }), /not that of/);
  server.setCertificate(renewed);
  const after = clientOf(server.port, renewed);
  t.after(() => after.close());
  await after.ready;
  await assert.rejects(clientOf(server.port, certificate).ready, /none of the hashes/);
  const { readable, writable } = await before.createBidirectionalStream();
  await writeAll(writable, Buffer.from('still here'));
  assert.equal((await readAll(readable)).toString(), 'still here');
});
