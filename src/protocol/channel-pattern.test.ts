import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  channelMatcher,
  channelParameters,
  channelPatternFault,
  isChannelPattern,
} from './channel-pattern.ts';

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

test('a parameter stands for one or more characters of a segment, and is given by its name', () => {
  const cases: [string, Record<string, Record<string, string> | undefined>][] = [
    [
      'chat.{room}',
      {
        'chat.lobby': { room: 'lobby' },
        'chat.A-z_0': { room: 'A-z_0' },
        'chat.': undefined,
        'chat.lobby.old': undefined,
        'chat.lobby:presence': undefined,
        'xchat.lobby': undefined,
        chatxlobby: undefined,
      },
    ],
    ['{a}:{b_2}', { 'x:y': { a: 'x', b_2: 'y' }, 'x:y:z': undefined }],
    ['order-{id}.log', { 'order-1-2.log': { id: '1-2' }, 'order-.log': undefined }],
    ['{id}-x', { 'a-x-x': { id: 'a-x' }, '-x': undefined }],
    [
      'org.{org}.*',
      { 'org.a.': { org: 'a' }, 'org.a.b:c': { org: 'a' }, 'org.a': undefined, 'org..b': undefined },
    ],
    ['{__proto__}', { x: JSON.parse('{"__proto__":"x"}') }],
    ['chat.*', { 'chat.lobby': {}, chat: undefined }],
    ['a*b*', { aXb: {}, a: undefined }],
  ];
  for (const [pattern, channels] of cases) {
    assert.equal(channelPatternFault(pattern), undefined, pattern);
    const parametersOf = channelParameters(pattern);
    for (const [channel, parameters] of Object.entries(channels)) {
      assert.deepEqual(parametersOf(channel), parameters, `${pattern} on ${channel}`);
      assert.equal(matches(pattern, channel), parameters !== undefined, `${pattern} on ${channel}`);
    }
  }
});

test('a channel that was made from a pattern gives back its parameters', () => {
  const value = fc.stringMatching(/^[A-Za-z0-9_-]{1,9}$/);
  fc.assert(
    fc.property(value, value, value, (room, user, rest) => {
      const parameters = channelParameters('chat-{room}-x.{user}:y.*')(`chat-${room}-x.${user}:y.${rest}`);
      assert.deepEqual(parameters, { room, user });
    }),
  );
});

test('no pattern with parameters is slow on any name', () => {
  const pattern = Array.from({ length: 33 }, (_, n) => `{p${n}}`).join('-x.');
  assert.ok(!matches(`${pattern}.y`, `${'-x-x-x.'.repeat(28)}z`));
});

test('a malformed pattern gets a sentence', () => {
  const parameter = 'a parameter is letters, digits and _ in braces, no digit first: chat.{room}';
  const star = 'beside parameters * ends the pattern, in a segment without one: chat.{room}.*';
  const faults: Record<string, string> = {
    'a{': parameter,
    'a}': parameter,
    '{}': parameter,
    '{1st}': parameter,
    '{a.b}': parameter,
    '{{a}}': parameter,
    '{a}{b}': 'two parameters have a . or : between them: {room}.{user}',
    '{a}-{b}': 'two parameters have a . or : between them: {room}.{user}',
    '*.{a}': star,
    '{a}*': star,
    '{a}.*.*': star,
    '{a}.{a}': 'each parameter of a pattern has a name of its own',
  };
  for (const [pattern, fault] of Object.entries(faults)) {
    assert.equal(channelPatternFault(pattern), fault, pattern);
  }
  assert.match(channelPatternFault(`{${'a'.repeat(199)}}`)!, /^a channel pattern is/);
});
