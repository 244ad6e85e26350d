import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { FanwireError } from '../protocol/errors.ts';
import type { SchemaIssue, StandardSchemaV1 } from '../protocol/standard-schema.ts';
import { checkedBy } from './schema-check.ts';

/** A schema that has these issues with everything. */
function refusing(issues: readonly SchemaIssue[]): StandardSchemaV1 {
  return { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues }) } };
}

async function refusalOf(schema: StandardSchemaV1, data: unknown): Promise<FanwireError> {
  const error = await checkedBy(schema, data, 'this').catch((error: unknown) => error);
  assert.ok(error instanceof FanwireError);
  assert.equal(error.code, 'invalid_data');
  return error;
}

test('what a schema returns is what comes of it, now or later', async () => {
  assert.equal(await checkedBy(v.pipe(v.string(), v.trim()), ' a ', 'this'), 'a');
  const later = v.pipeAsync(
    v.string(),
    v.transformAsync(async (text) => text.length),
  );
  assert.equal(await checkedBy(later, 'abc', 'this'), 3);
});

test('a refusal says what is wrong and where, in words and as a list', async () => {
  const schema = v.object({ user: v.object({ tags: v.array(v.string('a text')) }) });
  const error = await refusalOf(schema, { user: { tags: ['a', 1] } });
  assert.equal(error.message, 'this: user.tags.1: a text');
  assert.deepEqual(error.issues, [{ message: 'a text', path: ['user', 'tags', 1] }]);
  assert.deepEqual((await refusalOf(v.string('a text'), 1)).issues, [{ message: 'a text' }]);
});

test('however much is wrong, the refusal stays small', async () => {
  const long = 'x'.repeat(1_000_000);
  const issue = { message: long, path: [{ key: long }, Symbol(long), ...Array<string>(100).fill(long)] };
  const error = await refusalOf(refusing(Array<SchemaIssue>(100_000).fill(issue)), 1);
  assert.equal(error.issues!.length, 10);
  assert.match(error.message, /; and 99997 more$/);
  assert.ok(JSON.stringify(error).length < 30_000);
});
