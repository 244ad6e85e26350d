import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReceivedBytes } from './received-bytes.ts';

test('what is taken is held, for its address and for all, until it is given back', () => {
  const received = new ReceivedBytes({ perAddress: 80, total: 100 });
  assert.equal(received.take('a', 60), true);
  assert.equal(received.take('b', 60), false, 'there is room for 40 in all');
  assert.deepEqual([received.of('a'), received.of('b'), received.total], [60, 0, 60]);
  assert.equal(received.take('b', 40), true);
  received.give('a', 60);
  received.give('b', 40);
  assert.deepEqual([received.of('a'), received.of('b'), received.total], [0, 0, 0]);
});

test('an address takes no more than its share, however much room there is', () => {
  const received = new ReceivedBytes({ perAddress: 10, total: 1000 });
  assert.equal(received.take('a', 11), false);
  assert.equal(received.take('a', 10), true);
  assert.equal(received.take('a', 1), false);
  assert.equal(received.take('b', 10), true);
});
