import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessOf, type Grant, type House } from './access.ts';
import type { Audience } from './channel-rule.ts';
import type { RightRule } from './rules.ts';

const ruleFor = (audience: Audience): RightRule => ({ audience, params: {} });

/** One rule for all channels. */
const houseOf = (audience: Audience, open = false): House => ({
  ruleOf: () => ({ read: ruleFor(audience), publish: ruleFor(audience) }),
  open,
});

/** What somebody may do in the channel `scores`: r reads, p publishes. */
function allowed(grant: Grant | undefined, house: House): string {
  const access = accessOf(grant, house);
  return (access.mayRead('scores') ? 'r' : '') + (access.mayPublish('scores') ? 'p' : '');
}

test('each audience lets in whom its name says', () => {
  const nobody = undefined;
  const plain = { subject: 'ada' };
  const reader = { read: ['scores'] };
  const cases: [Audience, string, string, string, string][] = [
    // audience, without a token, with a token, with a grant to read, no authorisation configured
    ['anyone', 'rp', 'rp', 'rp', 'rp'],
    ['authenticated', '', 'rp', 'rp', 'rp'],
    ['granted', '', '', 'r', 'rp'],
    ['nobody', '', '', '', ''],
  ];
  for (const [audience, ...expected] of cases) {
    const house = houseOf(audience);
    const actual = [
      allowed(nobody, house),
      allowed(plain, house),
      allowed(reader, house),
      allowed(nobody, houseOf(audience, true)),
    ];
    assert.deepEqual(actual, expected, audience);
  }
});

test('patterns grant what they match and nothing else', () => {
  const access = accessOf({ read: ['scores', 'chat.*'], publish: true }, houseOf('granted'));
  assert.deepEqual(
    ['scores', 'scores2', 'chat.', 'chat.a.b', 'chat', ''].map((channel) => access.mayRead(channel)),
    [true, false, true, true, false, false],
  );
  assert.ok(access.mayPublish('anything'));
});

test('who is on a channel may be read by its readers, and is told of by the hub alone', () => {
  const access = accessOf({ read: ['chat.a', 'b:presence'], publish: true }, houseOf('granted'));
  assert.ok(access.mayRead('chat.a:presence'));
  assert.ok(!access.mayRead('b:presence'), 'a grant for the companion is none for the channel');
  assert.ok(!access.mayPublish('chat.a:presence'));
  assert.ok(!accessOf(undefined, houseOf('anyone', true)).mayPublish('chat.a:presence'));
});

test('the rule asked for presence is that of the channel itself', () => {
  const ruleOf = (channel: string) => ({
    read: ruleFor(channel === 'a' ? 'anyone' : 'nobody'),
    publish: ruleFor('nobody'),
  });
  const access = accessOf({}, { ruleOf, open: false });
  assert.ok(access.mayRead('a:presence'));
  assert.ok(!access.mayRead('b:presence'));
});

test('subject and expiry come from the grant', () => {
  const access = accessOf({ subject: 'ada', expiresAt: 7 }, houseOf('granted'));
  assert.deepEqual([access.subject, access.expiresAt], ['ada', 7]);
});
