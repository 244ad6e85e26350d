import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS } from '../../src/client/options.ts';
import { tableUnder } from './markdown.ts';
import { membersOf, sourceOf } from './source.ts';
import { numberIn, unquoted } from './tables.ts';

const DOCUMENT = 'docs/client.md';

test('docs/client.md lists every cause of a failure', () => {
  const [, union = ''] = /^export type Cause =(.*?);/ms.exec(sourceOf('src/client/failure.ts'))!;
  assert.deepEqual(
    tableUnder(DOCUMENT, 'Status').map(([cause = '']) => unquoted(cause)),
    [...union.matchAll(/\| '(\w+)'/g)].map(([, cause]) => cause),
  );
});

test('docs/client.md lists every option, and the figures that are its default', () => {
  const listed = new Map(
    tableUnder(DOCUMENT, 'Options').map(([name = '', value = '']) => [unquoted(name), unquoted(value)]),
  );
  const members = membersOf('src/client/options.ts', 'ClientOptions').map(({ name }) => name);
  assert.deepEqual([...listed.keys()], members);
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const shown = listed.get(name)!;
    if (typeof value === 'number') assert.equal(numberIn(shown), value, name);
    else if (Array.isArray(value)) assert.equal(shown, value.join(', '), name);
  }
  const { first, most } = DEFAULTS.backoffMs;
  assert.equal(listed.get('backoffMs'), `{ first: ${first}, most: ${most} }`);
});
