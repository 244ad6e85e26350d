import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame } from '../../protocol/frames.ts';
import { checkMembers, isUnread, readFrame, type UnreadFrame } from './frame-reader.ts';

const CHANNEL = { channel: 'scores' };

function readText(text: string, jsonDepth = 64): ClientFrame | UnreadFrame {
  return readFrame(Buffer.from(text), jsonDepth);
}

function readWhole(text: string): ClientFrame {
  const frame = readText(text);
  assert.ok(!isUnread(frame));
  if ('ref' in frame) checkMembers(frame);
  return frame;
}

test('every frame of a client is read as it is', () => {
  for (const frame of [
    { hello: { client: 'client-1' } },
    { hello: { client: 'A_-z0123', token: 't', wait: 1.5 } },
    { ref: 0, subscribe: CHANNEL },
    { ref: 1, subscribe: { ...CHANNEL, after: 'k3f9.7', presence: { name: 'Ada' } } },
    { ref: 1, subscribe: { ...CHANNEL, last: 5 } },
    { ref: 2, unsubscribe: CHANNEL },
    { ref: 3, publish: { ...CHANNEL, data: null, type: 'goal', key: 'k' } },
    { ref: 3, publish: { ...CHANNEL, data: 'AAEC', encoding: 'base64' } },
    { ref: 4, request: { method: 'sum', data: [1, 2] } },
    { ref: 5, presence: CHANNEL },
    { ref: 6, token: 'new' },
    { ping: 7 },
    { bye: true },
  ]) {
    assert.deepEqual(readWhole(JSON.stringify(frame)), frame);
  }
});

test('what is no frame is refused by naming the member and what was expected', () => {
  const cases: [unknown, RegExp][] = [
    [[], /^a frame: expected a JSON object/],
    [null, /^a frame/],
    [5, /^a frame/],
    [{}, /^ref: expected a whole number/],
    [{ ref: 1 }, /^unknown frame with the members ref/],
    [{ ref: -1, subscribe: CHANNEL }, /^ref/],
    [{ ref: 1.5, subscribe: CHANNEL }, /^ref/],
    [{ ref: '1', subscribe: CHANNEL }, /^ref/],
    [{ subscribe: CHANNEL }, /^ref/],
    [{ hello: {} }, /^hello\.client/],
    [{ hello: { client: 'short' } }, /^hello\.client/],
    [{ hello: { client: 'x'.repeat(65) } }, /^hello\.client/],
    [{ hello: { client: 'client 1' } }, /^hello\.client/],
    [{ hello: { client: 'client-1', token: 5 } }, /^hello\.token/],
    [{ hello: { client: 'client-1', wait: -1 } }, /^hello\.wait/],
    [{ ref: 1, subscribe: 'scores' }, /^subscribe: expected a JSON object/],
    [{ ref: 1, subscribe: {} }, /^subscribe\.channel: expected a string/],
    [{ ref: 1, subscribe: { ...CHANNEL, after: 5 } }, /^subscribe\.after/],
    [{ ref: 1, subscribe: { ...CHANNEL, last: 0 } }, /^subscribe\.last/],
    [{ ref: 1, subscribe: { ...CHANNEL, last: 1, after: 'now' } }, /^subscribe: expected either/],
    [{ ref: 1, publish: CHANNEL }, /^publish\.data/],
    [{ ref: 1, publish: { ...CHANNEL, data: 1, type: 'a b' } }, /^publish\.type/],
    [{ ref: 1, publish: { ...CHANNEL, data: 1, type: 'gap' } }, /^publish\.type/],
    [{ ref: 1, publish: { ...CHANNEL, data: 1, key: 5 } }, /^publish\.key/],
    [{ ref: 1, publish: { ...CHANNEL, data: 1, encoding: 'base64' } }, /^publish\.encoding/],
    [{ ref: 1, publish: { ...CHANNEL, data: '', encoding: 'hex' } }, /^publish\.encoding/],
    [{ ref: 1, request: {} }, /^request\.method/],
    [{ ref: 1, token: {} }, /^token/],
    [{ ping: 'x' }, /^ping/],
    [{ bye: 1 }, /^bye/],
  ];
  for (const [frame, message] of cases) {
    assert.throws(
      () => readWhole(JSON.stringify(frame)),
      (error) =>
        error instanceof FanwireError && error.code === 'invalid_frame' && message.test(error.message),
      JSON.stringify(frame),
    );
  }
});

test('what is no JSON and what is no channel have codes of their own', () => {
  assert.throws(() => readText('{"ping":'), { code: 'invalid_json' });
  for (const kind of ['subscribe', 'unsubscribe', 'presence', 'publish']) {
    const frame = JSON.stringify({ ref: 1, [kind]: { channel: 'a b' } });
    assert.throws(() => readWhole(frame), { code: 'invalid_channel', message: /^\w+\.channel/ });
  }
});

test('members of a prototype are not members of a frame', () => {
  assert.throws(() => readText('{"__proto__":{"hello":{"client":"client-1"}}}'), { code: 'invalid_frame' });
});

test('base64 is checked, however long it is', () => {
  const check = (data: string) =>
    checkMembers({ ref: 1, publish: { channel: 'a', data, encoding: 'base64' } } as never);
  for (const data of ['', 'AA==', 'AAA=', 'AAAA', '+/9z', 'A'.repeat(12_000_000)]) check(data);
  for (const data of ['A', 'AA', 'A===', '====', 'AA=A', 'AA-_', 'AAA\n', `${'A'.repeat(12_000_000)}!AAA`]) {
    assert.throws(() => check(data), { code: 'invalid_frame' }, data.slice(0, 10));
  }
});

test('a frame whose data nests too deep is not parsed, and fails alone if its ref comes first', () => {
  const data = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const publish = (depth: number) => `"publish":{"channel":"a","data":${data(depth)}}`;
  assert.equal(isUnread(readText(`{"ref":5,${publish(9)}}`, 9)), false);
  const frame = readText(` { "ref" : 5 , ${publish(10)}}`, 9);
  assert.ok(isUnread(frame));
  assert.deepEqual([frame.ref, frame.fault.code], [5, 'json_too_deep']);
  assert.throws(() => readText(`{${publish(10)},"ref":5}`, 9), { code: 'json_too_deep' });
  // Brackets within strings are no depth.
  const text = JSON.stringify(`"\\${'['.repeat(1000)}`);
  assert.equal(isUnread(readText(`{"ref":5,"publish":{"channel":"a","data":${text}}}`, 9)), false);
});

test('a client’s own member named fault is one that is not known', () => {
  assert.equal(isUnread(readText('{"ref":1,"fault":{"code":"internal"}}')), false);
});
