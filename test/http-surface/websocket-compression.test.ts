import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { publishAll, startHub } from '../support/hub.ts';
import { OPCODE, openRawWebSocket, type RawFrame } from '../support/raw-websocket.ts';

const FIN = 0x80;
const RSV1 = 0x40;
/** As browsers offer it. */
const OFFER = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' };
const AGREED = /^Sec-WebSocket-Extensions: (.*)\r$/im;
const LONG = 'a long message '.repeat(200);

/** What a frame says, whether it is compressed or not. */
function textOf({ first, payload }: RawFrame): string {
  if (!(first & RSV1)) return payload.toString();
  // A client puts back what a compressor leaves out (RFC 7692 section 7.2.2).
  return inflateRawSync(Buffer.concat([payload, Buffer.of(0, 0, 0xff, 0xff)]), {
    finishFlush: 2,
  }).toString();
}

test('long messages are compressed, each by itself, for a client that offers it; others stay plain', async (t) => {
  const { hub, port } = await startHub(t, { compression: true });
  const offering = await openRawWebSocket(t, port, '/channels/scores', { headers: OFFER });
  const plain = await openRawWebSocket(t, port, '/channels/scores');
  assert.equal(
    AGREED.exec(offering.head)?.[1],
    'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
  );
  assert.doesNotMatch(plain.head, AGREED);
  for (const socket of [offering, plain]) await socket.readFrame();
  await publishAll(hub, 'scores', [LONG, 'short', LONG]);
  for (const [message, first] of [
    [LONG, FIN | RSV1 | OPCODE.text],
    ['short', FIN | OPCODE.text],
    [LONG, FIN | RSV1 | OPCODE.text],
  ] as const) {
    const frame = await offering.readFrame();
    assert.equal(frame.first, first);
    assert.equal(JSON.parse(textOf(frame)).data, message);
    if (message === LONG) assert.ok(frame.payload.length < LONG.length / 10);
    const same = await plain.readFrame();
    assert.equal(same.first, FIN | OPCODE.text);
    assert.equal(same.payload.toString(), textOf(frame));
  }
});

test('a client that wants a smaller window than a shared frame was made with gets plain frames', async (t) => {
  const { hub, port } = await startHub(t, { compression: true });
  const headers = { 'Sec-WebSocket-Extensions': 'permessage-deflate; server_max_window_bits=10' };
  const socket = await openRawWebSocket(t, port, '/channels/scores', { headers });
  assert.match(socket.head, /^HTTP\/1\.1 101 /);
  assert.doesNotMatch(socket.head, AGREED);
  await socket.readFrame();
  await hub.publish('scores', LONG);
  assert.equal((await socket.readFrame()).first, FIN | OPCODE.text);
});

test('messages on both sides of the threshold, and what compresses to no less, come whole and in order', async (t) => {
  const { hub, url } = await startHub(t, { compression: { thresholdBytes: 200 } });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`);
  const received: unknown[] = [];
  const bytes = new Uint8Array(300).map((_, index) => (index * index * 31) % 251);
  const values = [
    ...Array.from({ length: 100 }, (_, index) => 'é'.repeat(index * 7)),
    'x'.repeat(300_000),
    'last',
  ];
  const all = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer, binary) => {
      if (binary) received.push([...data.subarray(2 + data.readUInt16BE(0))]);
      else received.push(JSON.parse(data.toString()).data);
      if (received.at(-1) === 'last') resolve();
    });
  });
  await once(socket, 'message');
  received.length = 0;
  await publishAll(hub, 'a', [bytes, ...values]);
  await all;
  assert.deepEqual(received, [[...bytes], ...values]);
  socket.close();
});

test('the SDK’s endpoint compresses messages, and no other frame', async (t) => {
  const { hub, port } = await startHub(t, { compression: { thresholdBytes: 0 } });
  const socket = await openRawWebSocket(t, port, '/connect', { headers: OFFER });
  socket.write(OPCODE.text, '{"hello":{"client":"abcdefgh"}}');
  socket.write(OPCODE.text, '{"ref":1,"subscribe":{"channel":"scores"}}');
  for (const member of ['welcome', 'ok']) {
    const { first, payload } = await socket.readFrame();
    assert.equal(first, FIN | OPCODE.text);
    assert.ok(member in JSON.parse(payload.toString()));
  }
  await hub.publish('scores', LONG);
  const frame = await socket.readFrame();
  assert.equal(frame.first, FIN | RSV1 | OPCODE.text);
  assert.equal(JSON.parse(textOf(frame)).data, LONG);
});

test('a client’s compressed frame is published; above the limit once it is decompressed, it is refused with 1009', async (t) => {
  const { hub, port } = await startHub(t, { compression: true, limits: { messageBytes: 10_000 } });
  const socket = await openRawWebSocket(t, port, '/channels/scores', { headers: OFFER });
  await socket.readFrame();
  const send = (data: string) =>
    socket.write(
      RSV1 | OPCODE.text,
      deflateRawSync(JSON.stringify(data), { finishFlush: 2 }).subarray(0, -4),
    );
  send(LONG);
  const message = await hub.subscribe<string>('scores', { after: 'start' }).next();
  assert.equal(message.value?.data, LONG);
  send('x'.repeat(10_000_000));
  const { payload } = await socket.readFrameOf(OPCODE.close);
  assert.equal(payload.readUInt16BE(), 1009);
});
