import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHub } from '../support/hub.ts';
import { watchOccupancy } from '../support/occupancy.ts';
import { OPCODE, openRawWebSocket } from '../support/raw-websocket.ts';

/** Payload length → bytes that it takes to say so (RFC 6455 section 5.2). */
const LENGTHS = [
  [125, 1],
  [126, 3],
  [65_535, 3],
  [65_536, 9],
] as const;

test('frames of 125, 126, 65,535 and 65,536 bytes say their length as RFC 6455 does', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  await socket.readFrame();
  await hub.publish('scores', '');
  const { payload: empty } = await socket.readFrame();
  for (const [length, lengthBytes] of LENGTHS) {
    await hub.publish('scores', 'x'.repeat(length - empty.length));
    const frame = await socket.readFrame();
    assert.equal(frame.payload.length, length);
    assert.equal(frame.lengthBytes, lengthBytes);
    assert.equal(frame.first, 0x80 | OPCODE.text, 'one final text frame');
    assert.equal(frame.masked, false, 'a server does not mask');
    assert.equal(JSON.parse(frame.payload.toString()).data.length, length - empty.length);
  }
});

test('the first frame comes at once and tells the position', async (t) => {
  const { hub, port } = await startHub(t);
  const { id } = await hub.publish('scores', 1);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  const { payload } = await socket.readFrame();
  assert.deepEqual(JSON.parse(payload.toString()), { heartbeat: { position: id } });
});

test('a binary message is a binary frame: length of its head, head, payload', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  const { id } = await hub.publish('scores', new Uint8Array([1, 2, 255]), { type: 'bytes' });
  const { first, payload } = await socket.readFrameOf(OPCODE.binary);
  assert.equal(first, 0x80 | OPCODE.binary);
  const end = 2 + payload.readUInt16BE(0);
  const { time, ...head } = JSON.parse(payload.subarray(2, end).toString());
  assert.equal(typeof time, 'number');
  assert.deepEqual(head, { id, channel: 'scores', type: 'bytes' });
  assert.deepEqual([...payload.subarray(end)], [1, 2, 255]);
});

test('a ping is answered with a pong of the same bytes', async (t) => {
  const { port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  for (const payload of ['', 'are you there?', 'x'.repeat(125)]) {
    socket.write(OPCODE.ping, payload);
    const pong = await socket.readFrameOf(OPCODE.pong);
    assert.equal(pong.payload.toString(), payload);
  }
});

test('an idle connection shows a sign of life', async (t) => {
  const { port } = await startHub(t, { heartbeatMs: 1000 });
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  await socket.readFrame();
  const { first, payload } = await socket.readFrame();
  if ((first & 0x0f) !== OPCODE.ping) assert.ok('heartbeat' in JSON.parse(payload.toString()));
});

test('a client that goes away without a goodbye is forgotten at once', async (t) => {
  const occupancy = watchOccupancy();
  const { hub, port } = await startHub(t, occupancy.options);
  const occupied = occupancy.occupied();
  const { socket } = await openRawWebSocket(t, port, '/channels/scores');
  await occupied;
  const vacated = occupancy.vacated();
  socket.destroy();
  await vacated;
  assert.equal([...hub.connections()].length, 0);
});
