import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHub } from '../support/hub.ts';
import {
  FLAG,
  FRAME_MOST,
  fields,
  frame,
  get,
  openRawHttp2,
  PREFACE,
  SETTING,
  settings,
  TYPE,
  uint32,
} from '../support/raw-http2.ts';
import { openRawSocket } from '../support/raw-socket.ts';

const EVENTS = { accept: 'text/event-stream' };
const REQUEST = { ':method': 'GET', ':scheme': 'http', ':authority': '127.0.0.1', ':path': '/channels/a' };
const headers = (flags: number, stream: number, given: Readonly<Record<string, string>>) =>
  frame(TYPE.headers, flags, stream, fields(given));
const WHOLE = FLAG.endHeaders | FLAG.endStream;

/** What no client should send, in the order of RFC 9113. Each comes on a connection with an open stream, number 1. */
const MALFORMED: Readonly<Record<string, Buffer | readonly Buffer[]>> = {
  'a second preface': PREFACE,
  'a frame larger than may be': frame(TYPE.data, 0, 1, Buffer.alloc(FRAME_MOST + 1)),
  'a frame of a type that nobody knows': frame(0xbb, 0, 3, Buffer.alloc(100)),
  'a ping of seven bytes': frame(TYPE.ping, 0, 0, Buffer.alloc(7)),
  'a header block that is no HPACK': frame(TYPE.headers, WHOLE, 3, Buffer.alloc(64, 0xff)),
  'an index beyond the table': frame(TYPE.headers, WHOLE, 3, Buffer.of(0xff, 0xff, 0xff, 0x7f)),
  'headers with others in between': [
    headers(FLAG.endStream, 3, REQUEST),
    get(5, '/channels/a'),
    frame(TYPE.continuation, FLAG.endHeaders, 3),
  ],
  'a continuation of nothing': frame(TYPE.continuation, FLAG.endHeaders, 1, fields(REQUEST)),
  'header blocks without an end': [
    headers(0, 3, REQUEST),
    ...Array(1000).fill(frame(TYPE.continuation, 0, 3, fields({ 'x-more': 'x' }))),
  ],
  'continuations that are empty': [
    headers(0, 3, REQUEST),
    ...Array(1000).fill(frame(TYPE.continuation, 0, 3)),
  ],
  'a stream of an even number': get(2, '/channels/a'),
  'a stream of a number before': [get(9, '/channels/a'), get(7, '/channels/a')],
  'headers on no stream': headers(WHOLE, 0, REQUEST),
  'data on no stream': frame(TYPE.data, 0, 0, Buffer.from('x')),
  'data on a stream that nobody opened': frame(TYPE.data, 0, 99, Buffer.from('x')),
  'data behind the end of a request': frame(TYPE.data, FLAG.endStream, 1, Buffer.from('x')),
  'a request behind the end of a request': headers(WHOLE, 1, REQUEST),
  'a stream that depends on itself': frame(TYPE.priority, 0, 1, Buffer.concat([uint32(1), Buffer.of(0)])),
  'padding longer than the frame': frame(TYPE.data, FLAG.padded, 1, Buffer.of(200, 1, 2)),
  'a reset of no stream': frame(TYPE.rstStream, 0, 0, uint32(8)),
  'a reset of a stream that nobody opened': frame(TYPE.rstStream, 0, 99, uint32(8)),
  'settings on a stream': frame(TYPE.settings, 0, 1),
  'settings of five bytes': frame(TYPE.settings, 0, 0, Buffer.alloc(5)),
  'an acknowledgement with settings': frame(TYPE.settings, FLAG.ack, 0, Buffer.alloc(6)),
  'a window larger than there is': settings({ [SETTING.initialWindow]: 0x80000000 }),
  'frames smaller than there are': settings({ [SETTING.maxFrame]: 1 }),
  'settings of a thousand entries': frame(TYPE.settings, 0, 0, Buffer.alloc(6 * 1000)),
  'a push of a client': frame(
    TYPE.pushPromise,
    FLAG.endHeaders,
    1,
    Buffer.concat([uint32(4), fields(REQUEST)]),
  ),
  'a goaway on a stream': frame(TYPE.goaway, 0, 1, Buffer.alloc(8)),
  'a window that grows by nothing': frame(TYPE.windowUpdate, 0, 0, uint32(0)),
  'a stream’s window that grows by nothing': frame(TYPE.windowUpdate, 0, 1, uint32(0)),
  'windows beyond the largest': Array(3).fill(frame(TYPE.windowUpdate, 0, 0, uint32(0x7fffffff))),
  'a window of a stream that nobody opened': frame(TYPE.windowUpdate, 0, 99, uint32(1)),
  'a header in capitals': headers(WHOLE, 3, { ...REQUEST, 'X-Capital': '1' }),
  'a header with a line break': headers(WHOLE, 3, { ...REQUEST, 'x-split': 'a\r\nb: c' }),
  'a header of the connection': headers(WHOLE, 3, { ...REQUEST, connection: 'close' }),
  'a transfer coding': headers(WHOLE, 3, { ...REQUEST, 'transfer-encoding': 'chunked' }),
  'a pseudo-header that nobody knows': headers(WHOLE, 3, { ...REQUEST, ':what': '1' }),
  'a pseudo-header of an answer': headers(WHOLE, 3, { ...REQUEST, ':status': '200' }),
  'a pseudo-header behind the others': headers(WHOLE, 3, { 'x-first': '1', ...REQUEST }),
  'no path': headers(WHOLE, 3, { ':method': 'GET', ':scheme': 'http' }),
  'an empty path': headers(WHOLE, 3, { ...REQUEST, ':path': '' }),
  'a length that is not kept to': [
    headers(FLAG.endHeaders, 3, { ...REQUEST, ':method': 'POST', 'content-length': '5' }),
    frame(TYPE.data, FLAG.endStream, 3, Buffer.from('x')),
  ],
  'a body without bytes that never ends': [
    headers(FLAG.endHeaders, 3, { ...REQUEST, ':method': 'POST', 'content-type': 'text/plain' }),
    ...Array(2000).fill(frame(TYPE.data, 0, 3)),
  ],
  'trailers without an end': [
    headers(FLAG.endHeaders, 3, { ...REQUEST, ':method': 'POST', 'content-type': 'text/plain' }),
    headers(FLAG.endHeaders, 3, { 'x-trailer': '1' }),
  ],
  'a protocol without CONNECT': headers(WHOLE, 3, { ...REQUEST, ':protocol': 'websocket' }),
  'CONNECT of another protocol': headers(FLAG.endHeaders, 3, {
    ...REQUEST,
    ':method': 'CONNECT',
    ':protocol': 'connect-udp',
  }),
  'CONNECT to somewhere else': headers(FLAG.endHeaders, 3, {
    ':method': 'CONNECT',
    ':authority': 'other:443',
  }),
};

test('whatever one connection sends, the hub goes on for all others', { timeout: 60_000 }, async (t) => {
  const { hub, port } = await startHub(t);
  const other = openRawHttp2(t, port);
  other.write(get(1, '/channels/a', EVENTS));
  await other.readOf(TYPE.data, 1);
  for (const [name, bytes] of Object.entries(MALFORMED)) {
    await t.test(name, async (t) => {
      const bad = openRawHttp2(t, port);
      bad.write(get(1, '/channels/b', EVENTS));
      await bad.readOf(TYPE.data, 1);
      bad.write(...(Buffer.isBuffer(bytes) ? [bytes] : bytes));
      // Either it is answered, or the connection has ended.
      await bad.settled().catch(() => {});
      await hub.publish('a', name);
      const { payload } = await other.readOf(TYPE.data, 1);
      assert.ok(payload.toString().includes(`data: ${JSON.stringify(name)}`), payload.toString());
      bad.socket.destroy();
    });
  }
});

for (const [name, bytes] of [
  ['another preface', 'PRI * HTTP/3.0\r\n\r\nSM\r\n\r\n'],
  ['half a preface and something else', `${PREFACE.toString().slice(0, 20)}GET / HTTP/1.1\r\n\r\n`],
  ['a preface without settings', `${PREFACE}${frame(TYPE.ping, 0, 0, Buffer.alloc(8)).toString('latin1')}`],
] as const) {
  test(`a connection that begins with ${name} is ended`, async (t) => {
    const { port } = await startHub(t);
    const socket = openRawSocket(t, port);
    socket.write(Buffer.from(bytes, 'latin1'));
    const { readGoaway } = (await import('../support/raw-http2.ts')).rawHttp2Over(socket);
    assert.notEqual(await readGoaway(), 0);
  });
}
