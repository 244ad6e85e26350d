import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSE, closeCodeOf, comesBack } from './close-codes.ts';
import { type ErrorCode, FanwireError } from './errors.ts';
import { PROBLEMS } from './problems.ts';

const CODES = Object.keys(PROBLEMS) as ErrorCode[];

// The compiler holds the table to the list of codes: Record<ErrorCode, …>.
test('every code has a status of an error, a title of its own and a remedy in a sentence', () => {
  for (const code of CODES) {
    const { status, title, remedy } = PROBLEMS[code];
    assert.ok(status >= 400 && status <= 599, code);
    assert.match(title, /^[A-Z]/, code);
    assert.match(remedy, /\.$|: -$/, code);
  }
  assert.equal(new Set(CODES.map((code) => PROBLEMS[code].title)).size, CODES.length);
});

test('every code closes a WebSocket with a code of ours', () => {
  const ours = new Set<number>(Object.values(CLOSE));
  for (const code of CODES) assert.ok(ours.has(closeCodeOf(code)), code);
});

test('a client comes back after faults that pass, and not to meet the same refusal', () => {
  const passes = [
    'too_many_connections',
    'too_many_publishes',
    'internal',
    'log_unavailable',
    'authorisation_unavailable',
    'draining',
  ];
  for (const code of passes) assert.ok(comesBack(closeCodeOf(code as ErrorCode)), code);
  for (const code of ['unauthenticated', 'forbidden', 'origin_not_allowed', 'invalid_channel', 'not_found']) {
    assert.ok(!comesBack(closeCodeOf(code as ErrorCode)), code);
  }
});

test('an error crosses the wire as its code and detail, and the wait if there is one', () => {
  const cause = new Error('a secret of the hub');
  assert.deepEqual(
    JSON.parse(JSON.stringify(new FanwireError('draining', 'going', { retryAfter: 2, cause }))),
    {
      code: 'draining',
      detail: 'going',
      retryAfter: 2,
    },
  );
  assert.equal(JSON.stringify(new FanwireError('closed', 'done')), '{"code":"closed","detail":"done"}');
});
