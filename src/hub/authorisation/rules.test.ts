import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelRule } from './channel-rule.ts';
import { compileRules } from './rules.ts';

const DEFAULT = {
  message: undefined,
  retain: { count: 1000, ageMs: 86_400_000, bytes: 16_777_216 },
  read: { audience: 'granted', params: {} },
  publish: { audience: 'granted', params: {} },
  conflateMs: 0,
  sharedWindow: true,
  from: true,
  presence: true,
};

test('a channel that no pattern names has the defaults', () => {
  assert.deepEqual(compileRules()('scores'), DEFAULT);
  assert.deepEqual(compileRules({ 'chat.*': { presence: false } })('scores'), DEFAULT);
});

test('each setting comes from the first matching pattern that names it', () => {
  const ruleOf = compileRules({
    'chat.vip': { read: 'authenticated', retain: { ageMs: 5 } },
    'chat.*': { read: 'anyone', publish: 'authenticated', retain: { count: 7, ageMs: 6 } },
    '*': { publish: 'nobody', conflateMs: 50 },
  });
  assert.deepEqual(ruleOf('chat.vip'), {
    message: undefined,
    retain: { count: 7, ageMs: 5, bytes: 16_777_216 },
    read: { audience: 'authenticated', params: {} },
    publish: { audience: 'authenticated', params: {} },
    conflateMs: 50,
    sharedWindow: true,
    from: true,
    presence: true,
  });
  assert.deepEqual(ruleOf('scores'), {
    ...DEFAULT,
    publish: { audience: 'nobody', params: {} },
    conflateMs: 50,
  });
});

test('a parameter in a pattern stands for one segment', () => {
  const ruleOf = compileRules({ 'chat.{room}': { conflateMs: 1 }, 'chat.{room}.{user}': { conflateMs: 2 } });
  assert.deepEqual(
    ['chat.a', 'chat.a.b', 'chat.a.b.c', 'chat.a:presence'].map((channel) => ruleOf(channel).conflateMs),
    [1, 2, 0, 0],
  );
});

test('ephemeral keeps no history, and false stands against a later pattern', () => {
  const ruleOf = compileRules({
    'log.kept': { ephemeral: false },
    'log.few': { retain: { count: 5 } },
    'log.*': { ephemeral: true },
  });
  assert.equal(ruleOf('log.x').retain.count, 0);
  assert.equal(ruleOf('log.kept').retain.count, 1000);
  assert.equal(ruleOf('log.few').retain.count, 5);
});

test('a setting that is undefined is not named', () => {
  const rule = { read: undefined } as unknown as ChannelRule;
  assert.equal(compileRules({ a: rule, '*': { read: 'anyone' } })('a').read.audience, 'anyone');
});

test('a right comes with the parameters of the pattern that gives it', () => {
  const ruleOf = compileRules({
    'chat.{room}': { read: 'anyone' },
    'chat.{name}': { read: 'nobody', publish: 'authenticated' },
  });
  assert.deepEqual(ruleOf('chat.lobby').read, { audience: 'anyone', params: { room: 'lobby' } });
  assert.deepEqual(ruleOf('chat.lobby').publish, { audience: 'authenticated', params: { name: 'lobby' } });
});

test('the console’s channels are opened by a pattern that names them, and closed by any', () => {
  const ask = () => true;
  const audienceOf = (rules: Record<string, ChannelRule>) =>
    compileRules(rules)('console:nodes').read.audience;
  for (const read of ['anyone', 'authenticated', ask] as const) {
    assert.equal(audienceOf({ '*': { read } }), 'granted');
    assert.equal(audienceOf({ 'console:*': { read } }), read);
  }
  assert.equal(audienceOf({ '*': { read: 'nobody' } }), 'nobody');
});

test('the console’s channels are conflated by a pattern that names them, and by none for all channels', () => {
  const conflated = (rules: Record<string, ChannelRule>, channel: string) =>
    compileRules(rules)(channel).conflateMs;
  const rules = { '*': { conflateMs: 1 }, 'console:demo:*': { conflateMs: 2 } };
  assert.equal(conflated(rules, 'console:demo:ticker'), 2);
  assert.equal(conflated(rules, 'console:nodes'), 0);
  assert.equal(conflated(rules, 'console:demo:ticker:presence'), 0);
  assert.equal(conflated(rules, 'fanwire:clients'), 0);
});

test('a rule is resolved once while its channel is remembered', () => {
  const ruleOf = compileRules({});
  assert.equal(ruleOf('a'), ruleOf('a'));
});

test('what is remembered is bounded: a rule is resolved anew after ten thousand other channels', () => {
  const ruleOf = compileRules({ '*': { conflateMs: 1 } });
  const before = ruleOf('a');
  for (let n = 0; n < 10_000; n++) ruleOf(`n${n}`);
  assert.notEqual(ruleOf('a'), before);
  assert.deepEqual(ruleOf('a'), before);
});
