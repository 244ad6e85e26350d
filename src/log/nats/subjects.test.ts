import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyTokenOf, subjectsOf } from './subjects.ts';

const name = fc.stringMatching(/^[A-Za-z0-9._:-]{1,200}$/);
const subjects = subjectsOf('fanwire');

test('every channel has a subject of its own, of which it is one token', () => {
  for (const channel of ['a', 'a.b', 'a..b', '.', '-', ':presence', 'a:b_c-D']) {
    assert.match(subjects.message(channel), /^fanwire\.message\.[^.*>\s]+$/);
  }
  fc.assert(
    fc.property(name, name, (one, other) => {
      assert.equal(subjects.message(one) === subjects.message(other), one === other);
      assert.equal(subjects.message(one).split('.').length, 3);
    }),
  );
});

test('what is republished of a channel is found under the same token', () => {
  assert.equal(subjects.message('a.b'), 'fanwire.message.a/b');
});

test('a key of any characters is one token, and another one in another channel', () => {
  assert.match(keyTokenOf('a', { name: 'any thing.*>\r\n' }), /^[\w-]{24}$/);
  assert.notEqual(keyTokenOf('a', { name: 'k' }), keyTokenOf('b', { name: 'k' }));
});
