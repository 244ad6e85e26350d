import { FanwireError } from '../protocol/errors.ts';

/** Under what a message is known when it comes again. */
export interface IdempotencyKey {
  /** No two publishers have the same: the hub says whose it is within the name. */
  readonly name: string;
  /** Whose share of the keys that a log remembers it takes. Default: one that all without a scope have in common. */
  readonly scope?: string;
  /** Of what is published under it: under the same key nothing else is. Without one nothing is compared. */
  readonly digest?: string;
}

/** Whether what is published under a key is not what was. */
export function differs(first: string | undefined, { digest }: IdempotencyKey): boolean {
  return first !== undefined && digest !== undefined && first !== digest;
}

export function idempotencyConflict(): FanwireError {
  return new FanwireError(
    'idempotency_conflict',
    'something else was published under this key before: take another one',
  );
}

export function isIdempotencyConflict(error: unknown): boolean {
  return error instanceof FanwireError && error.code === 'idempotency_conflict';
}
