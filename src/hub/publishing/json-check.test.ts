import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FanwireError } from '../../protocol/errors.ts';
import { checkJson, elementsOf } from './json-check.ts';

function check(text: string, maxDepth = 1000): void {
  const bytes = Buffer.from(text);
  checkJson(bytes, 0, bytes.length, maxDepth);
}

function isTaken(text: string): boolean {
  try {
    check(text);
    return true;
  } catch (error) {
    assert.equal((error as FanwireError).code, 'invalid_json', String(error));
    return false;
  }
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON, and JSON in which a piece has been taken out or put in. */
const almostJson = fc
  .tuple(
    fc.json({ noUnicodeString: false }),
    fc.nat(),
    fc.nat(3),
    fc.oneof(
      fc.constantFrom(
        '',
        '"',
        '\\',
        '\\u12',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '0',
        '-',
        '.',
        'e+',
        'tru',
        '\n',
        '\u0001',
        '\ufeff',
      ),
      fc.string({ maxLength: 3 }),
    ),
  )
  .map(([json, where, removed, added]) => {
    const at = where % (json.length + 1);
    return json.slice(0, at) + added + json.slice(at + removed);
  });

test('what JSON.parse takes is taken, and nothing else', () => {
  fc.assert(
    fc.property(almostJson, (text) => isTaken(text) === isParsed(Buffer.from(text).toString())),
    { numRuns: 5_000 },
  );
  for (const text of [
    '',
    ' ',
    '-',
    '01',
    '-0',
    '1.',
    '.5',
    '1e',
    '1E-2',
    '1e+',
    'nul',
    'true ',
    '[1,]',
    '{"a":1,}',
    '{,}',
    '"',
    '"\\',
    '"\\x"',
    '"\\u00g0"',
    '"\t"',
    '\u00a01',
    '{"a" 1}',
    '{1:1}',
    '[}',
    '[1}',
    '1 2',
    '{"a":1]',
  ])
    assert.equal(isTaken(text), isParsed(text), JSON.stringify(text));
});

test('an error says where it broke off', () => {
  assert.throws(() => check('{"größe":tru3}'), { message: 'at byte 14 there is "3", expected true' });
  assert.throws(() => check('[1, 2'), { message: 'at byte 5 it ends, expected , or ]' });
});

test('arrays and objects may nest as deep as is said, and no deeper', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
  check(nested(64), 64);
  assert.throws(() => check(nested(66), 64), { code: 'json_too_deep', message: /64.*jsonDepth/ });
  // Told before it is seen whether they are closed.
  assert.throws(() => check('['.repeat(1e6), 64), { code: 'json_too_deep' });
});

function parted(text: string, maxElements = 1e6): string[] | undefined {
  const tooMany = () => new FanwireError('batch_too_large', 'too many');
  return elementsOf(Buffer.from(text), maxElements, tooMany)?.map((one) => Buffer.from(one).toString());
}

test('an array is parted into what it holds', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2), (values, space) => {
      const parts = parted(JSON.stringify(values, null, space))!;
      assert.deepEqual(
        parts.map((part) => JSON.parse(part)),
        JSON.parse(JSON.stringify(values)),
      );
    }),
  );
  assert.deepEqual(parted(' [ ] '), []);
  assert.equal(parted('{"a":[]}'), undefined);
  assert.equal(parted(''), undefined);
  for (const broken of ['[', '[1', '["a]', '[1]]', '[1}', '[1] 2', '["\\']) {
    assert.throws(() => parted(broken), { code: 'invalid_json' }, broken);
  }
  // What is in them is for whoever reads them to see.
  assert.deepEqual(parted('[1,]'), ['1', '']);
});

test('of more elements than may be no further one is looked for', () => {
  assert.equal(parted('[1,2,3]', 3)?.length, 3);
  assert.throws(() => parted('[1,2,3,4', 3), { code: 'batch_too_large' });
});
