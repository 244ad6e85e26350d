import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { InvalidDocument } from '../errors.ts';
import { DEFAULT_OPTIONS, type GraphQLOptions, optionsOf } from '../options.ts';
import { Documents } from './documents.ts';

const tried = (query: string, options: GraphQLOptions = {}) =>
  new Documents({ ...DEFAULT_OPTIONS, ...options }).operation({ query });

const tooComplex = (words: RegExp) => ({ code: 'query_too_complex', message: words });

test('depth is counted through fragments', () => {
  const query = '{ messages(channels: ["a"]) { ...P } } fragment P on Page { ... { messages { id } } }';
  tried(query, { maxDepth: 3 });
  assert.throws(() => tried(query, { maxDepth: 2 }), tooComplex(/maxDepth\), not 3/));
});

test('cost is counted through fragments, and more for pages and publishes', () => {
  const query =
    'query { ...Q a: messages(channels: ["a"]) { position } } fragment Q on Query { b: messages(channels: ["b"]) { more position } }';
  tried(query, { maxCost: 203 });
  assert.throws(() => tried(query, { maxCost: 202 }), tooComplex(/maxCost\), not 203/));
  const publish = 'mutation { publish(channel: "a", data: 1) { id } }';
  assert.throws(() => tried(publish, { maxCost: 10 }), tooComplex(/not 11/));
});

test('aliases are counted wherever they stand', () => {
  const query =
    '{ a: __typename messages(channels: ["a"]) { ...P ...P } } fragment P on Page { b: more c: position }';
  assert.throws(() => tried(query, { maxAliases: 4 }), tooComplex(/maxAliases\), not 5/));
});

test('a short document that unfolds without end is measured in a moment', () => {
  const doubling = Array.from(
    { length: 40 },
    (_, at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`,
  );
  const query = `{ ...F0 } ${doubling.join(' ')} fragment F40 on Query { __typename }`;
  assert.throws(() => tried(query), tooComplex(/maxCost\), not 1099511627776/));
});

test('what can not be unfolded is left to the validation', () => {
  for (const query of [
    '{ ...Missing }',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A __typename }',
  ]) {
    assert.throws(() => tried(query), InvalidDocument);
  }
});

test('a document of many tokens is not parsed to its end', () => {
  const query = `{ ${'__typename '.repeat(1500)} }`;
  assert.throws(() => tried(query), /1000 tokens/);
});

test('introspection passes by default, and can be switched off; the name of a type is not part of it', () => {
  tried(getIntrospectionQuery());
  const off = { introspection: false };
  assert.throws(() => tried('{ __schema { queryType { name } } }', off), InvalidDocument);
  tried('{ __typename }', off);
});

test('an operation is chosen by its name, or the only one', () => {
  const documents = new Documents(DEFAULT_OPTIONS);
  const query = 'query A { __typename } query B { __typename }';
  assert.equal(documents.operation({ query, operationName: 'B' }).definition.name?.value, 'B');
  for (const operationName of [undefined, 'C', '']) {
    assert.throws(() => documents.operation({ query, operationName }), InvalidDocument);
  }
  assert.throws(() => documents.operation({ query: 'fragment F on Query { __typename }' }), InvalidDocument);
});

test('options that can not hold are refused by their names', () => {
  for (const [option, fault] of [
    [{ maxDepth: 0 }, /maxDepth/],
    [{ path: 'graphql' }, /path/],
    [{ introspection: 1 }, /introspection/],
    [{ maxDept: 1 }, /no option maxDept/],
  ] as const) {
    assert.throws(() => optionsOf(option as GraphQLOptions), fault);
  }
});
