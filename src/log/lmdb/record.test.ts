import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRecord, encodeRecord } from './record.ts';

test('a record from before messages said who published them is read, and written the same', () => {
  const at = { epoch: 'k3f9', sequence: 7 };
  for (const [record, type] of [
    ['j["a",5]\n{"n":1}', undefined],
    ['j["a",5,"goal"]\n{"n":1}', 'goal'],
  ] as const) {
    const message = decodeRecord(at, Buffer.from(record));
    assert.deepEqual(message, {
      ...at,
      channel: 'a',
      time: 5,
      type,
      from: undefined,
      payload: { kind: 'json', text: '{"n":1}' },
    });
    assert.equal(encodeRecord(message).toString(), record);
  }
});
