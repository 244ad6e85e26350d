import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from '../../src/lab/ledger.ts';
import { Reception } from '../../src/lab/reception.ts';
import { startHub } from '../support/hub.ts';

test('a message that a client went past is lost silently, unless a gap told of it or it comes yet', async (t) => {
  const ledger = new Ledger((await startHub(t)).hub, 'a');
  for (let count = 0; count < 5; count++) await ledger.publish();
  const reception = new Reception(ledger);
  const readings = () => [reception.missed, reception.passedOver, reception.doubled];
  reception.message(1);
  assert.deepEqual(readings(), [4, 0, 0]);
  reception.message(3);
  assert.deepEqual(readings(), [3, 1, 0]);
  reception.gap();
  reception.message(5);
  assert.deepEqual(readings(), [2, 1, 0]);
  reception.message(2);
  reception.message(2);
  assert.deepEqual(readings(), [1, 0, 1]);
});
