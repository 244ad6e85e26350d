import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './nearest.ts';

const known = ['host', 'port', 'heartbeatMs', 'retryMs'];

test('a name with two typing errors finds the one that was meant', () => {
  assert.equal(nearest('hearbeatMS', known), 'heartbeatMs');
  assert.equal(nearest('reytrMs', known), 'retryMs');
});

test('a short name is allowed one error', () => {
  assert.equal(nearest('prt', known), 'port');
  assert.equal(nearest('pt', known), undefined);
});

test('a name that is close to nothing finds nothing', () => {
  assert.equal(nearest('colour', known), undefined);
});
