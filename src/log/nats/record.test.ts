import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHead, encodeHead } from './record.ts';

test('a head from before messages said who published them is read, and written the same', () => {
  const payload = { kind: 'json', text: '1' } as const;
  for (const [head, type] of [
    ['json 5', undefined],
    ['json 5 gr%C3%B6%C3%9Fer', 'größer'],
  ] as const) {
    assert.deepEqual(decodeHead(head), { kind: 'json', time: 5, type, from: undefined });
    assert.equal(encodeHead({ channel: 'a', time: 5, type, payload }), head);
  }
});
