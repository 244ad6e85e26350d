import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dataOf, givenPayload, jsonPayload, messageOf, payloadSize } from './message.ts';

test('JSON is kept as it was written: numbers beyond a double, their spelling, the order of members', () => {
  for (const text of ['12345678901234567890', '1.0', '1e2', '-0', '{"b":1,"a":2,"b":3}', '"\\u00e9\\n"']) {
    assert.deepEqual(jsonPayload(text), { kind: 'json', text });
  }
});

test('JSON becomes one line, whatever its line breaks and margins were', () => {
  for (const text of [' {\n "a":\r\n\t1\r}\n', '{ "a":1 }']) {
    const payload = jsonPayload(text);
    assert.ok(
      payload.kind === 'json' && !/[\r\n]/.test(payload.text) && payload.text.trim() === payload.text,
    );
    assert.deepEqual(dataOf(payload), { a: 1 });
  }
});

test('any JSON value, however it is indented, is read as it was published', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const expected: unknown = JSON.parse(JSON.stringify(value));
      assert.deepEqual(dataOf(jsonPayload(JSON.stringify(value, null, indent))), expected);
      assert.deepEqual(dataOf(givenPayload(value)), expected);
    }),
  );
});

test('bytes stay bytes', () => {
  const bytes = Uint8Array.of(0, 255, 10, 13);
  const payload = givenPayload(bytes);
  assert.deepEqual(dataOf(payload), bytes);
  assert.equal(payloadSize(payload), 4);
});

test('a value that JSON can not hold is refused, not published as something else', () => {
  assert.throws(() => givenPayload(undefined), TypeError);
  for (const value of [() => 1, Symbol('s'), 1n]) {
    assert.throws(() => givenPayload(value), { code: 'invalid_json' });
  }
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  assert.throws(() => givenPayload(cycle), TypeError);
});

test('a message has a type only if one was given, and its position as id', () => {
  const stored = { epoch: 'k3f9', sequence: 7, channel: 'a', time: 5, payload: jsonPayload('[1]') };
  const message = { id: 'k3f9.7', channel: 'a', time: 5, data: [1] };
  assert.deepEqual(messageOf({ ...stored, type: undefined }), message);
  assert.deepEqual(messageOf({ ...stored, type: 'goal' }), { ...message, type: 'goal' });
});
