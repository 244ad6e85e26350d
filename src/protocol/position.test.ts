import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatPosition, parsePosition, reaches } from './position.ts';

const position = fc.record(
  { epoch: fc.stringMatching(/^[a-z0-9]{1,32}$/), sequence: fc.maxSafeNat() },
  { noNullPrototype: true },
);

test('every position survives the way to a client and back', () => {
  fc.assert(
    fc.property(position, (given) => {
      assert.deepEqual(parsePosition(formatPosition(given)), given);
    }),
  );
});

test('a token is free of what a URL, a header or an SSE id field would change', () => {
  fc.assert(
    fc.property(position, (given) => {
      const token = formatPosition(given);
      assert.equal(encodeURIComponent(token), token);
    }),
  );
});

test('what is read as a position is written the same way again: each has one token', () => {
  const tokenLike = fc.stringMatching(/^[a-z0-9]{0,4}\.?[0-9-]{0,17}$/);
  fc.assert(
    fc.property(fc.oneof(tokenLike, fc.string()), (token) => {
      const read = parsePosition(token);
      if (read) assert.equal(formatPosition(read), token);
    }),
  );
});

test('what no log could have given out is no position', () => {
  for (const token of [
    '',
    '.',
    'k3f9',
    'k3f9.',
    '.7',
    'k3f9.07',
    'k3f9.-1',
    'k3f9.1.2',
    'k3f9.1e3',
    'K3f9.1',
    ' k3f9.1',
    'k3f9.1\n',
    'k3f9.9007199254740992',
    `${'k'.repeat(33)}.1`,
  ]) {
    assert.equal(parsePosition(token), undefined, JSON.stringify(token));
  }
});

test('a position reaches another of its epoch that is not later', () => {
  const at = (epoch: string, sequence: number) => ({ epoch, sequence });
  assert.ok(reaches(at('a', 2), at('a', 1)));
  assert.ok(reaches(at('a', 2), at('a', 2)));
  assert.ok(!reaches(at('a', 2), at('a', 10)));
  assert.ok(!reaches(at('b', 2), at('a', 1)) && !reaches(at('a', 2), at('b', 1)));
});
