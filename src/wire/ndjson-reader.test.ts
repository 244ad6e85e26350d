import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineReader } from './ndjson-reader.ts';

const read = (chunks: readonly string[], maxLength = 1000) => {
  const lines: string[] = [];
  const push = createLineReader((line) => lines.push(line), maxLength);
  for (const chunk of chunks) push(chunk);
  return lines;
};

test('values come out as they went in, wherever the chunks are cut, in bytes too', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.array(fc.nat(), { maxLength: 20 }), (values, cuts) => {
      const bytes = new TextEncoder().encode(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
      const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other);
      const utf8 = new TextDecoder();
      const chunks = [...at, bytes.length].map((end, index) =>
        utf8.decode(bytes.subarray(at[index - 1] ?? 0, end), { stream: true }),
      );
      assert.deepEqual(
        read(chunks, 100_000).map((line) => JSON.parse(line)),
        values.map((value) => JSON.parse(JSON.stringify(value))),
      );
    }),
  );
});

test('blank lines are left out, and a carriage return belongs to the line’s end', () => {
  assert.deepEqual(read(['\n1\r', '\n\r\n', '  \n2\n']), ['1', '2']);
});

test('a line is not given before its end', () => {
  assert.deepEqual(read(['1\n{"a":']), ['1']);
});

test('a line longer than allowed is refused before it is held, whole or in parts', () => {
  assert.throws(() => read(['123456\n'], 5), SyntaxError);
  assert.throws(() => read(['123', '456'], 5), SyntaxError);
  assert.deepEqual(read(['12345\n', '12345\n'], 5), ['12345', '12345']);
});
