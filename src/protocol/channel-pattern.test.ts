import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { channelMatcher, isChannelPattern } from './channel-pattern.ts';

const matches = (pattern: string, channel: string) => channelMatcher(pattern)(channel);

test('a star stands for any run of characters, the empty one too', () => {
  const cases: [string, string[], string[]][] = [
    ['scores', ['scores'], ['score', 'scores2', 'xscores', '']],
    ['*', ['', 'a', 'a.b:c'], []],
    ['chat.*', ['chat.', 'chat.a.b'], ['chat', 'xchat.a']],
    ['*.log', ['.log', 'a.log', 'a.log.log'], ['log', 'a.logs']],
    ['a*z', ['az', 'abz', 'azz'], ['a', 'z', 'abzb']],
    ['a*b*c', ['abc', 'axbxc', 'abbc'], ['ac', 'acb', 'ab']],
    ['aa*aa', ['aaaa', 'aaxaa'], ['aa', 'aaa']],
    ['a*ab*b', ['aabb', 'axaby.b'], ['ab', 'aab', 'abb']],
    ['**', ['', 'x'], []],
  ];
  for (const [pattern, yes, no] of cases) {
    for (const channel of yes) assert.ok(matches(pattern, channel), `${pattern} should match ${channel}`);
    for (const channel of no) assert.ok(!matches(pattern, channel), `${pattern} should not match ${channel}`);
  }
});

test('a dot is a dot', () => {
  assert.ok(!matches('a.b', 'axb'));
  assert.ok(!matches('a.*', 'axb'));
});

// Two letters only, so that patterns and names meet often.
const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), minLength: 1, maxLength: 8 });

test('any pattern matches just what the regular expression of it would', () => {
  fc.assert(
    fc.property(pattern, name, (text, channel) => {
      const expression = new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      assert.equal(matches(text, channel), expression.test(channel));
    }),
    { numRuns: 2000 },
  );
});

test('whatever the stars are replaced by, the pattern matches', () => {
  fc.assert(
    fc.property(pattern, fc.array(name, { minLength: 8, maxLength: 8 }), (text, runs) => {
      assert.ok(
        matches(
          text,
          text.replace(/\*/g, () => runs.pop()!),
        ),
      );
    }),
  );
});

test('no pattern is slow on any name', () => {
  const matcher = channelMatcher(`${'a*'.repeat(99)}b`);
  // A backtracking matcher would not live to see the end of this.
  assert.ok(!matcher('a'.repeat(200)));
});

test('a pattern is a channel name in which stars may stand', () => {
  for (const good of ['*', 'a', 'A-z_0.9:*', 'a'.repeat(200)]) assert.ok(isChannelPattern(good), good);
  for (const bad of ['', 'a b', 'a/b', 'ä', 'a\n', 'a?', 'a'.repeat(201)])
    assert.ok(!isChannelPattern(bad), bad);
});
