import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionCounter } from './connection-counter.ts';

test('each key opens as many as the limit, and more once some are closed', () => {
  const counter = new ConnectionCounter(2);
  assert.ok(counter.open('a') && counter.open('a'));
  assert.ok(!counter.open('a'));
  assert.ok(counter.open('b'));
  counter.close('a');
  assert.ok(counter.open('a'));
  assert.ok(!counter.open('a'));
});

test('a key with nothing open is forgotten', () => {
  const counter = new ConnectionCounter(1);
  for (let client = 0; client < 100; client++) {
    counter.open(`client ${client}`);
    counter.close(`client ${client}`);
  }
  assert.equal(counter.size, 0);
});
