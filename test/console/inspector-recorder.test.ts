import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { OPCODE, openRawWebSocket } from '../support/raw-websocket.ts';
import { MARK, type RecordedHub, startRecordedHub } from './support/recorded-hub.ts';

const URL = `/channels/a?inspect=${MARK}`;

const get = (target: string, ...fields: string[]) =>
  `${[`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...fields].join('\r\n')}\r\n\r\n`;

const post = (target: string, body: string) =>
  `POST ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Resolves once the hub's end has got what was written to its connection so far. */
async function received(port: RecordedHub, bytes: number): Promise<void> {
  while (port.sockets.length === 0 || port.sockets[0]!.bytesRead < bytes) await new Promise(setImmediate);
}

/** Sends a text byte by byte, each in a segment of its own. */
async function drip(recorded: RecordedHub, socket: RawSocket, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at++) {
    socket.write(bytes.subarray(at, at + 1));
    await received(recorded, at + 1);
  }
}

const TRANSPORTS: Readonly<Record<string, string>> = {
  polling: get(URL),
  'long polling': get(`${URL}&after=start`, 'Prefer: wait=30'),
  'server-sent events': get(URL, 'Accept: text/event-stream'),
  'HTTP streaming': get(URL, 'Accept: application/x-ndjson'),
  publishing: post(URL, '{"a":[1,2,3]}'),
};

for (const [name, request] of Object.entries(TRANSPORTS)) {
  test(`${name}: what is recorded is what the socket saw, sent byte by byte`, async (t) => {
    const recorded = await startRecordedHub(t);
    const socket = openRawSocket(t, recorded.port);
    await drip(recorded, socket, request);
    // A stream begins before there is a message; the others are answered by one.
    const isStream = request.includes('\r\nAccept: ');
    const head = isStream ? await socket.readThrough('\r\n\r\n') : '';
    await recorded.hub.publish('a', 'ä message');
    if (isStream) await recorded.until(() => recorded.bytes('server').includes('message'));
    else await recorded.ended(1);
    recorded.sockets[0]!.destroy();
    const seen = head + (await socket.readAll()).toString();
    await recorded.ended(1);
    assert.equal(recorded.bytes('client').toString(), request);
    assert.equal(recorded.bytes('server').toString(), seen);
  });
}

test('a WebSocket: handshake, frames of both sides and the close are recorded as the socket saw them', async (t) => {
  const recorded = await startRecordedHub(t);
  const key = 'T2a6wZlAwhgQNqruZ2YUyg==';
  const webSocket = await openRawWebSocket(t, recorded.port, URL, { key });
  webSocket.write(OPCODE.text, '"hello"');
  await webSocket.readFrameOf(OPCODE.text);
  webSocket.write(OPCODE.ping, 'x'.repeat(100));
  await webSocket.readFrameOf(OPCODE.pong);
  webSocket.write(OPCODE.close, Buffer.of(0x03, 0xe8));
  await webSocket.readFrameOf(OPCODE.close);
  await recorded.ended(1);
  const client = recorded.bytes('client');
  const server = recorded.bytes('server');
  assert.match(client.toString('latin1'), /^GET \/channels\/a\?inspect=/);
  // Masked, 7 bytes; then a ping of 100 and a close of 2: each with 6 bytes before it.
  assert.equal(client.subarray(client.indexOf('\r\n\r\n') + 4).length, 6 + 7 + 6 + 100 + 6 + 2);
  assert.ok(server.toString('latin1').startsWith(webSocket.head));
  assert.match(webSocket.head, /Sec-WebSocket-Accept: iBJKv\/ALIW2DobfoA4dmr3JHBCY=/i);
  assert.equal(server.subarray(-4).toString('hex'), '880203e8');
});

test('what is sent together with the handshake is recorded once', async (t) => {
  const recorded = await startRecordedHub(t);
  const socket = openRawSocket(t, recorded.port);
  const frame = Buffer.from('818100000000' + '31', 'hex');
  const head = get(URL, 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13');
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
  const handshake = Buffer.from(head.slice(0, -2) + key);
  socket.write(Buffer.concat([handshake, frame]));
  await recorded.until(() => recorded.bytes('server').includes('"ack"'));
  assert.deepEqual(recorded.bytes('client'), Buffer.concat([handshake, frame]));
});

test('on one connection only the requests that carry a mark are recorded, pipelined or not', async (t) => {
  const recorded = await startRecordedHub(t);
  const socket = openRawSocket(t, recorded.port);
  const chunked =
    `POST ${URL} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n` +
    '3;x=1\r\n"ab\r\n2\r\nc"\r\n0\r\nTrailer: 1\r\n\r\n';
  socket.write(get('/channels/a') + chunked + get('/healthz') + get(URL) + get('/channels/b'));
  await recorded.ended(2);
  assert.equal(recorded.bytes('client', 0).toString(), chunked);
  assert.match(recorded.bytes('server', 0).toString(), /^HTTP\/1.1 201 Created\r\n.*\{"id":"[a-z0-9.]+"\}$/s);
  assert.equal(recorded.bytes('client', 1).toString(), get(URL));
  assert.match(recorded.bytes('server', 1).toString(), /^HTTP\/1.1 200 OK\r\n.*"messages":.*\}$/s);
  const openings = recorded.records.filter((record) => record.kind === 'open');
  assert.deepEqual(
    openings.map(({ nth }) => nth),
    [2, 4],
  );
  assert.equal(openings[0]!.connection, openings[1]!.connection);
});

test('a connection that was in use before is followed from its next request on', async (t) => {
  const recorded = await startRecordedHub(t, { what: 'nothing yet' });
  const socket = openRawSocket(t, recorded.port);
  const parked = get('/channels/a?wait=30');
  socket.write(parked);
  await received(recorded, parked.length);
  recorded.recorder.arm(MARK, 'bytes');
  await recorded.hub.publish('a', 1);
  await socket.readThrough('"more":false}');
  socket.write(get(URL));
  await recorded.ended(1);
  assert.equal(recorded.bytes('client').toString(), get(URL));
  assert.match(recorded.bytes('server').toString(), /^HTTP\/1.1 200 OK/);
});

test('tokens are overwritten before anything is kept, and lengths stay', async (t) => {
  const recorded = await startRecordedHub(t);
  const socket = openRawSocket(t, recorded.port);
  const request = get(
    `${URL}&access_token=s3cret-1&after=start`,
    'authorization:Bearer s3cret-2',
    'Cookie: a=s3cret-3; b=c',
    'Sec-WebSocket-Protocol: fanwire.1, bearer.s3cret-4',
    'Referer: http://127.0.0.1/?token=s3cret-5',
  );
  socket.write(request);
  await recorded.ended(1);
  const kept = recorded.bytes('client').toString();
  assert.equal(kept.length, request.length);
  assert.doesNotMatch(JSON.stringify(recorded.batches) + kept, /s3cret/);
  assert.match(kept, /&access_token=\*{8}&after=start HTTP/);
  assert.match(kept, /authorization:\*{15}\r\nCookie: \*{15}/);
  assert.match(kept, /Protocol: fanwire\.1, \*{15}\r\n/);
});

test('a page of another site can’t have its visitors recorded, nor the SDK’s endpoint be seen', async (t) => {
  const recorded = await startRecordedHub(t);
  const frames = '[{"hello":{"client":"12345678"}}]';
  for (const request of [
    get(URL, 'Sec-Fetch-Site: cross-site'),
    post(`/connect?inspect=${MARK}`, frames),
    get(URL),
  ]) {
    const socket = openRawSocket(t, recorded.port);
    socket.write(request);
    await socket.readThrough('HTTP/1.1');
  }
  await recorded.ended(1);
  assert.equal(recorded.bytes('client').toString(), get(URL));
});

test('totals alone count the bytes of any request, and tell nothing else', async (t) => {
  const recorded = await startRecordedHub(t, { what: 'totals' });
  const socket = openRawSocket(t, recorded.port);
  const request = get(`/healthz?inspect=${MARK}`);
  socket.write(request);
  await recorded.until(() => recorded.batches.some(({ down }) => down > 0));
  const sum = (of: 'up' | 'down') => recorded.batches.reduce((all, batch) => all + batch[of], 0);
  assert.equal(sum('up'), request.length);
  assert.equal(sum('down'), recorded.sockets[0]!.bytesWritten);
  assert.deepEqual(recorded.records, []);
});

test('of a large payload the beginning is kept, and its length told', async (t) => {
  const recorded = await startRecordedHub(t);
  await recorded.hub.publish('a', 'x'.repeat(500_000));
  const socket = openRawSocket(t, recorded.port);
  socket.write(get(URL));
  await recorded.ended(1);
  const down = recorded.records.filter((record) => record.kind === 'bytes' && record.from === 'server');
  const length = down.reduce((sum, record) => sum + (record.kind === 'bytes' ? record.length : 0), 0);
  assert.equal(length, recorded.sockets[0]!.bytesWritten);
  assert.ok(recorded.bytes('server').length < 40_000);
});

test('a mark’s connections can be cut, and the end says who ended it', async (t) => {
  const recorded = await startRecordedHub(t);
  const open = async (t: TestContext) => {
    const socket = openRawSocket(t, recorded.port);
    socket.write(get(URL, 'Accept: text/event-stream'));
    await socket.readThrough('retry');
    return socket;
  };
  const cut = await open(t);
  await recorded.until(() => recorded.bytes('server').length > 0);
  recorded.recorder.cut(MARK);
  await cut.readAll();
  (await open(t)).destroy();
  await recorded.ended(2);
  const ends = recorded.records.flatMap((record) => (record.kind === 'end' ? [record.by] : []));
  assert.deepEqual(ends, ['server', 'client']);
});

test('unarmed, nothing stands between a socket and the system', async (t) => {
  const recorded = await startRecordedHub(t);
  const tapped = openRawSocket(t, recorded.port);
  tapped.write(get(URL));
  await recorded.ended(1);
  const [socket] = recorded.sockets;
  assert.ok(Object.hasOwn(socket!, 'push'));
  recorded.recorder.stop();
  for (const name of ['push', '_write', '_writev']) assert.ok(!Object.hasOwn(socket!, name), name);
  tapped.write(get('/healthz'));
  await tapped.readThrough('HTTP/1.1 200');
  tapped.destroy();
  await once(socket!, 'close');
});
