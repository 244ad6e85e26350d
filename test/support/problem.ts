import assert from 'node:assert/strict';
import type { ErrorCode } from '../../src/protocol/errors.ts';
import type { Answer } from './http.ts';

/** Holds a refusal to RFC 9457 and to its stable code. */
export function assertProblem(answer: Answer, status: number, code: ErrorCode): void {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/);
  const problem = answer.json();
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  for (const member of ['type', 'title', 'detail'] as const)
    assert.equal(typeof problem[member], 'string', member);
}
