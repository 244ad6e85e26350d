import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOfAnswer, type Failure } from './failure.ts';

test('a problem without a code is no refusal of the hub’s: the client tries again', () => {
  for (const body of ['1', '"sorry"', '{}', '[]', '{"detail":"no"}']) {
    const failure: Failure = errorOfAnswer({
      status: 403,
      contentType: 'application/problem+json',
      retryAfter: null,
      body,
    });
    assert.equal(failure.final, false, body);
  }
});
