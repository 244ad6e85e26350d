import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEntry, encodeRecord } from './record.ts';

test('a record from before messages said who published them is read, and written the same', () => {
  for (const [record, type] of [
    ['j\n{"n":1}', undefined],
    ['jgoal\n{"n":1}', 'goal'],
  ] as const) {
    const message = decodeEntry('k3f9', 'a', [Buffer.from('7-5'), [Buffer.from('0'), Buffer.from(record)]]);
    assert.deepEqual(message, {
      epoch: 'k3f9',
      sequence: 7,
      channel: 'a',
      time: 5,
      type,
      from: undefined,
      payload: { kind: 'json', text: '{"n":1}' },
    });
    assert.equal(encodeRecord(message).toString(), record);
  }
});
