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

test('addresses of whom nothing is held do not pile up', () => {
  const received = new ReceivedBytes({ perAddress: 10, total: 1000 });
  received.take('held', 1);
  for (let address = 0; address < 100_000; address++) {
    received.take(`${address}`, 1);
    received.give(`${address}`, 1);
  }
  assert.ok(received.size <= 2048);
  assert.deepEqual([received.of('held'), received.total], [1, 1]);
});
