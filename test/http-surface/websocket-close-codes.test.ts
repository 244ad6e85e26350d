import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHub } from '../support/hub.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../support/raw-websocket.ts';

test('a close is answered with the same code, and then the connection ends', async (t) => {
  const { port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  socket.write(OPCODE.close, Buffer.of(0x03, 0xe8));
  const { payload } = await socket.readFrameOf(OPCODE.close);
  assert.equal(payload.readUInt16BE(0), 1000);
  await socket.socket.readAll();
});

test('a frame that is not masked is a protocol error, 1002', async (t) => {
  const { port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  socket.write(OPCODE.text, '1', { masked: false });
  const { payload } = await socket.readFrameOf(OPCODE.close);
  assert.equal(payload.readUInt16BE(0), 1002);
});

test('text that is not UTF-8 is closed with 1007', async (t) => {
  const { port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  socket.write(OPCODE.text, Buffer.of(0x22, 0xff, 0x22));
  const { payload } = await socket.readFrameOf(OPCODE.close);
  assert.equal(payload.readUInt16BE(0), 1007);
});

test('a message in more fragments than anyone needs is closed with 1008', async (t) => {
  const { port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  // Masked and empty: the first one begins a text, the others go on with it.
  const fragments = Buffer.alloc(6 * 131_073);
  for (let at = 0; at < fragments.length; at += 6) fragments.set([at === 0 ? 0x01 : 0x00, 0x80], at);
  socket.socket.write(fragments);
  const { payload } = await socket.readFrameOf(OPCODE.close);
  assert.equal(payload.readUInt16BE(0), 1008);
});

test('a message above the limit is closed with 1009, and is not published', async (t) => {
  const { hub, port } = await startHub(t, { limits: { messageBytes: 1000 } });
  const before = await hub.publish('scores', 'before');
  const socket = await openRawWebSocket(t, port, '/channels/scores?after=start');
  socket.write(OPCODE.text, JSON.stringify('x'.repeat(200_000)));
  const { payload } = await socket.readFrameOf(OPCODE.close);
  assert.equal(payload.readUInt16BE(0), 1009);
  const after = await hub.publish('scores', 'after');
  assert.equal(sequenceOf(after.id), sequenceOf(before.id) + 1);
});

test('a hub that goes away closes with a code that says come back', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  await socket.readFrame();
  const closed = socket.readFrameOf(OPCODE.close);
  await hub.close({ drainMs: 0 });
  assert.equal((await closed).payload.readUInt16BE(0), 1012);
});

test('a hub that goes away does not wait for who has not said hello, or says it now', {
  timeout: 30_000,
}, async (t) => {
  const { hub, port } = await startHub(t);
  const silent = await openRawWebSocket(t, port, '/connect');
  const late = await openRawWebSocket(t, port, '/connect');
  const closed = hub.close({ drainMs: 0 });
  late.write(OPCODE.text, '{"hello":{"client":"abcdefgh"}}');
  await closed;
  await silent.socket.readAll();
  await late.socket.readAll();
});

test('a token that expires closes the connection with 4401', async (t) => {
  const expiresAt = Date.now() + 100;
  const { port } = await startHub(t, { authorise: () => ({ read: true, expiresAt }) });
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  assert.equal(await closeCode(socket), 4401);
});

test('on the SDK’s endpoint, a first frame that is not hello is answered with an error and closed with 4400', async (t) => {
  const { port } = await startHub(t);
  for (const frame of ['{"ping":1}', '{oops', '[]', '{"hello":{"client":"short"}}']) {
    const socket = await openRawWebSocket(t, port, '/connect');
    socket.write(OPCODE.text, frame);
    const { payload } = await socket.readFrame();
    assert.equal(typeof JSON.parse(payload.toString()).error.code, 'string', frame);
    assert.equal(await closeCode(socket), 4400, frame);
  }
});

test('on the SDK’s endpoint, a token that is refused closes with 4401', async (t) => {
  const { port } = await startHub(t, { authorise: { secret: 'a secret of at least thirty-two bytes' } });
  const socket = await openRawWebSocket(t, port, '/connect');
  socket.write(OPCODE.text, '{"hello":{"client":"abcdefgh","token":"not one"}}');
  const { payload } = await socket.readFrame();
  assert.equal(JSON.parse(payload.toString()).error.code, 'unauthenticated');
  assert.equal(await closeCode(socket), 4401);
});

async function closeCode(socket: RawWebSocket): Promise<number> {
  return (await socket.readFrameOf(OPCODE.close)).payload.readUInt16BE(0);
}

function sequenceOf(id: string): number {
  return Number(id.split('.')[1]);
}
