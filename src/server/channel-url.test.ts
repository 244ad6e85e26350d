import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../protocol/limits.ts';
import { channelsOf, limitOf, startOf } from './channel-url.ts';

const limits = { ...DEFAULT_LIMITS, channelsPerRequest: 3, pageMessages: 100 };
const query = (text: string) => new URLSearchParams(text);

test('a path names one channel or several, each once', () => {
  const cases: [string, string[]][] = [
    ['scores', ['scores']],
    ['a,b,c', ['a', 'b', 'c']],
    ['a%2Cb', ['a', 'b']],
    ['b,a,b', ['b', 'a']],
    ['chat.de%3Aroom_1-x', ['chat.de:room_1-x']],
    ['x'.repeat(200), ['x'.repeat(200)]],
  ];
  for (const [segment, channels] of cases) assert.deepEqual(channelsOf(segment, limits), channels);
});

test('what is no channel is refused, whether by its characters, its length or its encoding', () => {
  for (const segment of ['', 'a,', ',', 'a b', 'a%20b', 'a/b', 'ü', '%ff', '%', 'x'.repeat(201), 'a,b,c*']) {
    assert.throws(() => channelsOf(segment, limits), { code: 'invalid_channel' }, segment);
  }
  assert.throws(() => channelsOf('a,b,c,d', limits), { code: 'too_many_channels' });
});

test('a URL says where to start, and an EventSource that reconnects knows better', () => {
  const at = (sequence: number) => ({ kind: 'after', position: { epoch: 'k3f9', sequence } });
  assert.equal(startOf(query('')), undefined);
  assert.deepEqual(startOf(query('after=k3f9.7')), at(7));
  assert.deepEqual(startOf(query('after=start')), { kind: 'start' });
  assert.deepEqual(startOf(query('after=now')), { kind: 'now' });
  assert.deepEqual(startOf(query('last=5')), { kind: 'last', count: 5 });
  assert.deepEqual(startOf(query('after=start'), 'k3f9.9'), at(9));
  assert.deepEqual(startOf(query('after=k3f9.7'), ''), at(7));
});

test('a start that can not be meant is refused', () => {
  for (const text of ['after=', 'after=yesterday', 'after=k3f9.-1']) {
    assert.throws(() => startOf(query(text)), { code: 'invalid_position' }, text);
  }
  assert.throws(() => startOf(query(''), 'nonsense'), { code: 'invalid_position' });
  for (const text of ['last=0', 'last=-1', 'last=1.5', 'last=x', 'last=', 'last=5&after=now']) {
    assert.throws(() => startOf(query(text)), { code: 'invalid_parameter' }, text);
  }
});

test('a limit above the hub’s own is cut to it', () => {
  assert.equal(limitOf(query(''), limits), 100);
  assert.equal(limitOf(query('limit=5'), limits), 5);
  assert.equal(limitOf(query('limit=5000'), limits), 100);
  assert.throws(() => limitOf(query('limit=0'), limits), { code: 'invalid_parameter' });
});
