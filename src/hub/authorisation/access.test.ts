import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessOf } from './access.ts';
import type { Audience } from './channel-rule.ts';

const ruleOf = (audience: Audience) => () => ({ read: audience, publish: audience });

/** What somebody may do in the channel `scores`: r reads, p publishes. */
function allowed(...[grant, rule, open]: Parameters<typeof accessOf>): string {
  const access = accessOf(grant, rule, open);
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
    const rule = ruleOf(audience);
    const actual = [
      allowed(nobody, rule, false),
      allowed(plain, rule, false),
      allowed(reader, rule, false),
      allowed(nobody, rule, true),
    ];
    assert.deepEqual(actual, expected, audience);
  }
});

test('patterns grant what they match and nothing else', () => {
  const access = accessOf({ read: ['scores', 'chat.*'], publish: true }, ruleOf('granted'), false);
  assert.deepEqual(
    ['scores', 'scores2', 'chat.', 'chat.a.b', 'chat', ''].map((channel) => access.mayRead(channel)),
    [true, false, true, true, false, false],
  );
  assert.ok(access.mayPublish('anything'));
});

test('who is on a channel may be read by its readers, and is told of by the hub alone', () => {
  const access = accessOf({ read: ['chat.a', 'b:presence'], publish: true }, ruleOf('granted'), false);
  assert.ok(access.mayRead('chat.a:presence'));
  assert.ok(!access.mayRead('b:presence'), 'a grant for the companion is none for the channel');
  assert.ok(!access.mayPublish('chat.a:presence'));
  assert.ok(!accessOf(undefined, ruleOf('anyone'), true).mayPublish('chat.a:presence'));
});

test('the rule asked for presence is that of the channel itself', () => {
  const access = accessOf(
    {},
    (channel) => ({ read: channel === 'a' ? 'anyone' : 'nobody', publish: 'nobody' }),
    false,
  );
  assert.ok(access.mayRead('a:presence'));
  assert.ok(!access.mayRead('b:presence'));
});

test('subject and expiry come from the grant', () => {
  const access = accessOf({ subject: 'ada', expiresAt: 7 }, ruleOf('granted'), false);
  assert.deepEqual([access.subject, access.expiresAt], ['ada', 7]);
});
