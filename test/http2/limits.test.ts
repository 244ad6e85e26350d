import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import {
  ERROR,
  FLAG,
  fields,
  frame,
  get,
  openRawHttp2,
  SETTING,
  settings,
  TYPE,
  uint32,
} from '../support/raw-http2.ts';
import { startIdlingServer } from './support/idling-server.ts';

const POST = {
  ':method': 'POST',
  ':scheme': 'http',
  ':authority': '127.0.0.1',
  ':path': '/channels/a',
  'content-type': 'text/plain',
  'content-length': '1',
};
const EVENTS = { accept: 'text/event-stream' };

test('a connection has so many streams open, and those beyond are refused alone', async (t) => {
  const { hub, port } = await startHub(t, { limits: { streamsPerConnection: 3 } });
  const connection = openRawHttp2(t, port);
  const announced = await connection.readOf(TYPE.settings);
  assert.equal(settingIn(announced.payload, SETTING.maxStreams), 3);
  for (const stream of [1, 3, 5]) {
    connection.write(get(stream, '/channels/a', EVENTS));
    await connection.readOf(TYPE.data, stream);
  }
  connection.write(get(7, '/channels/a', EVENTS));
  const refused = await connection.readOf(TYPE.rstStream, 7);
  assert.equal(refused.payload.readUInt32BE(), ERROR.refusedStream);
  assert.equal(hub.connections().length, 3);
  // A place that is free again is another's.
  connection.write(frame(TYPE.rstStream, 0, 1, uint32(ERROR.cancel)));
  await connection.settled();
  connection.write(get(9, '/channels/a', EVENTS));
  await connection.readOf(TYPE.data, 9);
  // Who has acknowledged the limit, and opens more all the same, has broken the protocol.
  connection.write(frame(TYPE.settings, FLAG.ack, 0), get(11, '/channels/a', EVENTS));
  assert.ok(await connection.readGoaway());
});

test('each stream counts as a request of its address', async (t) => {
  const { port } = await startHub(t, { limits: { connectionsPerAddress: 2 } });
  const connection = openRawHttp2(t, port);
  for (const stream of [1, 3]) {
    connection.write(get(stream, '/channels/a', EVENTS));
    await connection.readOf(TYPE.data, stream);
  }
  connection.write(get(5, '/channels/a'));
  assert.match((await connection.readOf(TYPE.data, 5)).payload.toString(), /too_many_connections/);
});

test('header fields beyond their limit reset the stream alone', async (t) => {
  const { port } = await startHub(t);
  const connection = openRawHttp2(t, port);
  const announced = await connection.readOf(TYPE.settings);
  assert.equal(settingIn(announced.payload, SETTING.headerList), DEFAULT_LIMITS.http2HeaderBytes);
  // It holds from when it has been acknowledged; before, Node has a limit of 64 KiB.
  connection.write(frame(TYPE.settings, FLAG.ack, 0));
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'x'.repeat(1000)]));
  connection.write(get(1, '/channels/a', many(15)));
  await connection.readOf(TYPE.data, 1);
  connection.write(get(3, '/channels/a', many(17)));
  const reset = await connection.readOf(TYPE.rstStream, 3);
  assert.equal(reset.payload.readUInt32BE(), ERROR.calm);
  connection.write(get(5, '/channels/a'));
  await connection.readOf(TYPE.data, 5);
});

for (const [name, attack, isBroken] of [
  [
    'streams that are opened and reset at once',
    (stream: number) => [
      get(stream, '/channels/a', EVENTS),
      frame(TYPE.rstStream, 0, stream, uint32(ERROR.cancel)),
    ],
    false,
  ],
  [
    'streams that are opened and reset without an error',
    (stream: number) => [get(stream, '/channels/a', EVENTS), frame(TYPE.rstStream, 0, stream, uint32(0))],
    false,
  ],
  [
    'streams that the hub is made to reset',
    (stream: number) => [
      // More than was announced, which is an error of the stream (RFC 9113 section 8.1.1).
      frame(TYPE.headers, FLAG.endHeaders, stream, fields(POST)),
      frame(TYPE.data, FLAG.endStream, stream, Buffer.from('too much')),
    ],
    true,
  ],
] as const) {
  test(`${name} end the connection once there are too many, and cost the hub nothing that stays`, async (t) => {
    const most = 20;
    const { hub, port, url } = await startHub(t, { limits: { resetsPerConnection: most } });
    const connection = openRawHttp2(t, port);
    for (let index = 0; index < most; index++) connection.write(...attack(index * 2 + 1));
    // Newer Nodes end a connection that has broken the protocol at once.
    if ((await connection.settled()) === 'read') {
      connection.write(...attack(most * 2 + 1));
      assert.equal(await connection.readGoaway(), ERROR.calm);
    } else assert.equal(isBroken, true);
    while (hub.connections().length > 0) await new Promise(setImmediate);
    assert.equal((await send(`${url}/channels/a`)).status, 200);
  });
}

test('resets on a connection of a proxy are those of all its clients, and are not counted', async (t) => {
  const { port } = await startHub(t, { trustProxy: true, limits: { resetsPerConnection: 1 } });
  const connection = openRawHttp2(t, port);
  for (let stream = 1; stream < 100; stream += 2) {
    connection.write(
      get(stream, '/channels/a', EVENTS),
      frame(TYPE.rstStream, 0, stream, uint32(ERROR.cancel)),
    );
  }
  assert.equal(await connection.settled(), 'read');
});

test('answers that come to their end are no resets', async (t) => {
  const { port } = await startHub(t, { limits: { resetsPerConnection: 1 } });
  const connection = openRawHttp2(t, port);
  for (let stream = 1; stream < 20; stream += 2) {
    connection.write(get(stream, '/channels/a'));
    await connection.readOf(TYPE.data, stream);
  }
  await connection.settled();
});

for (const [name, control] of [
  ['pings', frame(TYPE.ping, 0, 0, Buffer.alloc(8))],
  ['settings', settings({ [SETTING.initialWindow]: 65_535 })],
] as const) {
  test(`a flood of ${name} ends the connection`, async (t) => {
    const most = 20;
    const { port, url } = await startHub(t, { limits: { controlFramesPerConnection: most } });
    const connection = openRawHttp2(t, port);
    connection.write(...Array(most + 1).fill(control));
    assert.equal(await connection.readGoaway(), ERROR.calm);
    assert.equal((await send(`${url}/channels/a`)).status, 200);
  });
}

test('data that nobody reads is held up to a limit, beyond which new streams are reset', async (t) => {
  const { hub, port, url } = await startHub(t, { limits: { http2BytesPerConnection: 1_000_000 } });
  await hub.publish('big', 'x'.repeat(200_000));
  // Windows of nothing: no byte of an answer may be sent.
  const connection = openRawHttp2(t, port, { [SETTING.initialWindow]: 0 });
  let stream = 1;
  let reset: number | undefined;
  const refused = connection.readOf(TYPE.rstStream).then(({ payload }) => {
    reset = payload.readUInt32BE();
  });
  for (; stream < 100 && reset === undefined; stream += 2) {
    connection.write(get(stream, '/channels/big'));
    await new Promise(setImmediate);
  }
  await refused;
  assert.equal(reset, ERROR.calm);
  assert.equal((await send(`${url}/channels/big`)).status, 200);
});

test('a window of one byte is honoured, and holds up nobody else', async (t) => {
  const { hub, port } = await startHub(t);
  const tiny = openRawHttp2(t, port, { [SETTING.initialWindow]: 1 });
  tiny.write(get(1, '/channels/a', EVENTS));
  assert.equal((await tiny.readOf(TYPE.data, 1)).payload.toString(), ':');
  const other = openRawHttp2(t, port);
  other.write(get(1, '/channels/a', EVENTS));
  await other.readOf(TYPE.data, 1);
  await hub.publish('a', 'x');
  assert.match((await other.readOf(TYPE.data, 1)).payload.toString(), /data: "x"/);
  tiny.write(frame(TYPE.windowUpdate, 0, 1, uint32(1)));
  assert.equal((await tiny.readOf(TYPE.data, 1)).payload.toString(), ' ');
});

test('a connection without a stream, or whose header fields never end, is closed as an idle one is', async (t) => {
  const { port } = await startIdlingServer(t);
  const idle = openRawHttp2(t, port);
  const half = openRawHttp2(t, port);
  // No END_HEADERS.
  half.write(frame(TYPE.headers, 0, 1, fields({ ':method': 'GET' })));
  assert.equal(await idle.readGoaway(), 0);
  assert.equal(await half.readGoaway(), 0);
});

test('a connection whose windows stay shut ends, and one that has broken the protocol while a stream is open', async (t) => {
  const { port } = await startIdlingServer(t);
  const shut = openRawHttp2(t, port, { [SETTING.initialWindow]: 0 });
  shut.write(get(1, '/'));
  await shut.readOf(TYPE.headers, 1);
  const broken = openRawHttp2(t, port, { [SETTING.initialWindow]: 0 });
  broken.write(get(1, '/'));
  await broken.readOf(TYPE.headers, 1);
  // Data belongs to a stream (RFC 9113 section 6.1).
  broken.write(frame(TYPE.data, 0, 0, Buffer.from('x')));
  assert.equal(await shut.readGoaway(), 0);
  assert.equal(await broken.readGoaway(), ERROR.protocol);
  await broken.socket.readAll();
});

function settingIn(payload: Buffer, id: number): number | undefined {
  for (let at = 0; at < payload.length; at += 6) {
    if (payload.readUInt16BE(at) === id) return payload.readUInt32BE(at + 2);
  }
  return undefined;
}
