import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SDL } from '../../src/graphql/index.ts';
import { DEFAULT_OPTIONS } from '../../src/graphql/options.ts';
import { GRAPHQL_CLOSE } from '../../src/graphql/websocket/close-codes.ts';
import { allBlocks, placeOf, tableUnder } from './markdown.ts';
import { numberIn, unquoted } from './tables.ts';

for (const block of allBlocks('graphql')) {
  test(`${placeOf(block)}: the schema is the one that is served`, () => {
    assert.equal(block.text, SDL);
  });
}

test('docs/graphql.md lists every option with its default', () => {
  const listed = tableUnder('docs/graphql.md', 'Limits').map(([name = '', value = '']) => {
    const text = unquoted(value);
    return [unquoted(name), /^\d/.test(text) ? numberIn(text) : text === 'true' || text];
  });
  assert.deepEqual(Object.fromEntries(listed), DEFAULT_OPTIONS);
});

test('docs/graphql.md lists every close code of the subprotocol', () => {
  const listed = tableUnder('docs/graphql.md', 'Close codes').map(([code]) => Number(code));
  assert.deepEqual(listed, Object.values(GRAPHQL_CLOSE));
});
