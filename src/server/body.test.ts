import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { decodeText, mediaTypeOf, readBody } from './body.ts';

function requestOf(parts: readonly string[], headers: Record<string, string> = {}): IncomingMessage {
  const body = Readable.from(parts.map((part) => Buffer.from(part)));
  return Object.assign(body, { headers }) as unknown as IncomingMessage;
}

test('a body is read whole, however it is cut', async () => {
  for (const parts of [[], ['abc'], ['a', 'b', 'c'], ['a', '', 'bc', 'defgh', 'i'.repeat(900), 'j']]) {
    assert.equal((await readBody(requestOf(parts), 1000)).toString(), parts.join(''));
  }
});

test('a body is refused as soon as it is known to be too large', async () => {
  const announced = requestOf(['abcd'], { 'content-length': '4' });
  await assert.rejects(readBody(announced, 3), { code: 'body_too_large', message: /bodyBytes/ });
  assert.equal(announced.readableFlowing, null, 'not a byte of it was read');
  await assert.rejects(readBody(requestOf(['ab', 'cd']), 3), { code: 'body_too_large' });
});

test('a compressed body is refused: its size would be anybody’s guess', async () => {
  await assert.rejects(readBody(requestOf(['x'], { 'content-encoding': 'gzip' }), 9), {
    code: 'unsupported_media_type',
  });
  assert.equal((await readBody(requestOf(['x'], { 'content-encoding': 'identity' }), 9)).length, 1);
});

test('a client that goes away while it sends is not a fault of the hub', async () => {
  const request = requestOf(['a', 'b']);
  const reading = readBody(request, 9);
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
