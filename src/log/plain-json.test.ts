import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toJson } from '../protocol/to-json.ts';
import { isPlainJson } from './plain-json.ts';

test('what is plain loses nothing as JSON, whatever it is', () => {
  const anything = fc.anything({ withDate: true, withMap: true, withBigInt: true, withTypedArray: true });
  fc.assert(
    fc.property(anything, (value) => {
      if (isPlainJson(value)) assert.equal(JSON.stringify(value), toJson(value));
    }),
  );
});

test('all that JSON has is plain', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => isPlainJson(value)));
  assert.ok(isPlainJson({ left: undefined, out: [{ a: null }] }));
});

test('what JSON would leave out or write as something else is not plain, nor is a circle', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  const lost = [
    undefined,
    [undefined],
    Number.NaN,
    { a: Number.POSITIVE_INFINITY },
    new Map(),
    new Date(),
    1n,
  ];
  const others = [() => {}, Symbol('s'), Object('boxed'), { toJSON: () => 1 }, Buffer.of(1), circle];
  for (const value of [...lost, ...others]) assert.equal(isPlainJson(value), false);
});
