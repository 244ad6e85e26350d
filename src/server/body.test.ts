import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Hub } from '../hub/hub.ts';
import { memoryLog } from '../log/memory/memory-log.ts';
import type { Caller } from '../transports/caller.ts';
import { decodeText, mediaTypeOf, readBody, releaseBody } from './body.ts';
import { NodeCarrier } from './node-carrier.ts';

function requestOf(parts: readonly string[], headers: Record<string, string> = {}): IncomingMessage {
  const body = Readable.from(parts.map((part) => Buffer.from(part)));
  return Object.assign(body, { headers }) as unknown as IncomingMessage;
}

/** Nothing is answered here. */
function carrierOf(request: IncomingMessage): NodeCarrier {
  return new NodeCarrier(request, undefined as unknown as ServerResponse);
}

const hub = new Hub(memoryLog(), { limits: { strangerBytes: 2 } });
after(() => hub.close());

const known = { network: '10.0.0.1', access: hub.anonymous } as Caller;

function begin(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return readBody({ hub, caller: known, carrier: carrierOf(request) }, maxBytes);
}

/** Reads a body and lets go of it. */
async function read(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  try {
    return await begin(request, maxBytes);
  } finally {
    releaseBody({ request });
  }
}

test('a body is read whole, however it is cut', async () => {
  for (const parts of [[], ['abc'], ['a', 'b', 'c'], ['a', '', 'bc', 'defgh', 'i'.repeat(900), 'j']]) {
    assert.equal((await read(requestOf(parts), 1000)).toString(), parts.join(''));
  }
});

test('a body is refused as soon as it is known to be too large', async () => {
  const announced = requestOf(['abcd'], { 'content-length': '4' });
  await assert.rejects(read(announced, 3), { code: 'body_too_large', message: /bodyBytes/ });
  assert.equal(announced.readableFlowing, null, 'not a byte of it was read');
  await assert.rejects(read(requestOf(['ab', 'cd']), 3), { code: 'body_too_large' });
});

test('a compressed body is refused: its size would be anybody’s guess', async () => {
  await assert.rejects(read(requestOf(['x'], { 'content-encoding': 'gzip' }), 9), {
    code: 'unsupported_media_type',
  });
  assert.equal((await read(requestOf(['x'], { 'content-encoding': 'identity' }), 9)).length, 1);
});

test('a client that goes away while it sends is not a fault of the hub', async () => {
  const request = requestOf(['a', 'b']);
  const reading = read(request, 9);
  request.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
  await assert.rejects(reading, { name: 'FanwireError', code: 'connection_lost' });
});

test('a media type is told apart from its parameters', () => {
  const typeOf = (type?: string) =>
    mediaTypeOf({ headers: type === undefined ? {} : { 'content-type': type } });
  assert.equal(typeOf(), '');
  assert.equal(typeOf('Application/JSON; charset=utf-8'), 'application/json');
  assert.equal(typeOf('text/plain;charset="UTF8"'), 'text/plain');
  assert.throws(() => typeOf('text/plain; charset=latin1'), { code: 'unsupported_media_type' });
});

test('bytes that are no UTF-8 are not turned into other text', () => {
  assert.equal(decodeText(Buffer.from('größe 🚀')), 'größe 🚀');
  assert.throws(() => decodeText(Buffer.of(0x22, 0xff)), { code: 'unsupported_media_type' });
  assert.throws(() => decodeText(Buffer.from('🚀').subarray(0, 3)), { code: 'unsupported_media_type' });
});

test('a body counts for its address until it is released, a declared one all from the beginning', async () => {
  const request = requestOf(['ab', 'cd'], { 'content-length': '4' });
  const reading = begin(request, 9);
  assert.equal(hub.received.of('10.0.0.1'), 4);
  await reading;
  assert.equal(hub.received.of('10.0.0.1'), 4);
  releaseBody({ request });
  assert.equal(hub.received.total, 0);
  const chunked = requestOf(['ab', 'cd']);
  await begin(chunked, 9);
  assert.equal(hub.received.of('10.0.0.1'), 4);
  releaseBody({ request: chunked });
  assert.equal(hub.received.total, 0);
});

test('for a body without room the hub is busy, and reads nothing of it', async () => {
  const rest = hub.limits.receivedBytesPerAddress - 3;
  hub.received.take('10.0.0.1', rest);
  const request = requestOf(['abcd'], { 'content-length': '4' });
  await assert.rejects(read(request, 9), { code: 'hub_busy', retryAfter: 2 });
  assert.equal(request.readableFlowing, null);
  await assert.rejects(read(requestOf(['abcd']), 9), { code: 'hub_busy' });
  hub.received.give('10.0.0.1', rest);
});

test('a body that stops is refused at the second look, and one that goes on is read', async () => {
  const stream = new Readable({ read() {} });
  const request = Object.assign(stream, { headers: { 'content-length': '1000000' } });
  const reading = begin(request as unknown as IncomingMessage, 1e6);
  stream.push(Buffer.alloc(500_000));
  await turn();
  for (let second = 0; second < 10; second++) hub.wheel.turn();
  stream.push(Buffer.alloc(400_000));
  await turn();
  for (let second = 0; second < 10; second++) hub.wheel.turn();
  for (let second = 0; second < 10; second++) hub.wheel.turn();
  await assert.rejects(reading, { code: 'body_too_slow' });
  releaseBody({ request: request as unknown as IncomingMessage });
  assert.equal(hub.received.total, 0);
});

test('somebody who has shown no token where one is asked for sends little', async () => {
  const strict = new Hub(memoryLog(), { authorise: () => undefined, limits: { strangerBytes: 2 } });
  const caller = { network: '10.0.0.1', access: strict.anonymous } as Caller;
  const request = requestOf(['abc'], { 'content-length': '3' });
  await assert.rejects(readBody({ hub: strict, caller, carrier: carrierOf(request) }, 9), {
    message: /strangerBytes/,
  });
  await strict.close();
});
