import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionCounter } from './connection-counter.ts';

test('each key opens as many as the limit, and more once some are released', () => {
  const counter = new ConnectionCounter(2);
  const release = counter.open('a');
  assert.ok(release && counter.open('a'));
  assert.equal(counter.open('a'), undefined);
  assert.ok(counter.open('b'));
  release();
  assert.ok(counter.open('a'));
  assert.equal(counter.open('a'), undefined);
});

test('releasing twice releases once', () => {
  const counter = new ConnectionCounter(2);
  const release = counter.open('a')!;
  counter.open('a');
  release();
  release();
  assert.ok(counter.open('a'));
  assert.equal(counter.open('a'), undefined);
});

test('a key with nothing open is forgotten', () => {
  const counter = new ConnectionCounter(1);
  for (let client = 0; client < 100; client++) counter.open(`client ${client}`)!();
  assert.equal(counter.size, 0);
});
