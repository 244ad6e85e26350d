import assert from 'node:assert/strict';
import type { Writable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import * as ws from 'ws';
import { binaryFrame, textFrame } from './websocket-frame.ts';

// The types of `ws` leave it out.
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

/** What a WebSocket makes of bytes that come in chunks of a size. */
async function received(bytes: Buffer, chunkLength = bytes.length): Promise<[string, boolean][]> {
  const messages: [string, boolean][] = [];
  const receiver = new Receiver({ isServer: false });
  receiver.on('message', (data: Buffer, isBinary: boolean) =>
    messages.push([data.toString('hex'), isBinary]),
  );
  const ended = new Promise((resolve, reject) => receiver.on('error', reject).on('finish', resolve));
  for (let at = 0; at < bytes.length; at += chunkLength) receiver.write(bytes.subarray(at, at + chunkLength));
  receiver.end();
  await ended;
  return messages;
}

const hex = (text: string) => Buffer.from(text).toString('hex');

test('the example of RFC 6455 section 5.7: a single-frame unmasked text message', () => {
  assert.equal(textFrame('Hello').toString('hex'), '810548656c6c6f');
});

test('the length takes 1, 3 or 9 bytes, and both ends of each range are right', async () => {
  for (const [length, header] of [
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ] as const) {
    const text = 'x'.repeat(length);
    for (const frame of [textFrame(text), binaryFrame(Buffer.from(text))]) {
      assert.equal(frame.length, header + length);
    }
    assert.deepEqual(await received(textFrame(text)), [[hex(text), false]]);
    assert.deepEqual(await received(binaryFrame(Buffer.from(text))), [[hex(text), true]]);
  }
});

test('256 bytes of binary take the header of RFC 6455 section 5.7', () => {
  assert.equal(binaryFrame(new Uint8Array(256)).subarray(0, 4).toString('hex'), '827e0100');
  assert.equal(binaryFrame(new Uint8Array(65_536)).subarray(0, 10).toString('hex'), '827f0000000000010000');
});

test('any texts and bytes, one after another and cut anywhere, are read as they were written', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  const parts = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, parts), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 50 }),
      async (pairs, chunkLength) => {
        const frames = pairs.flatMap(([one, bytes]) => [textFrame(one), binaryFrame(...bytes)]);
        const expected = pairs.flatMap(([one, bytes]) => [
          [hex(one), false],
          [Buffer.concat(bytes).toString('hex'), true],
        ]);
        assert.deepEqual(await received(Buffer.concat(frames), chunkLength), expected);
      },
    ),
    { numRuns: 50 },
  );
});
