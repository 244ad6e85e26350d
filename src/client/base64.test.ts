import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBase64, toBase64 } from './base64.ts';

test('any bytes survive, and the text is what other programs write', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(fromBase64(text), Uint8Array.from(bytes));
    }),
  );
});

test('a megabyte does not overflow the stack', () => {
  assert.equal(fromBase64(toBase64(new Uint8Array(1 << 20))).length, 1 << 20);
});
