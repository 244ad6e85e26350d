import type { FanwireError } from '../protocol/errors.ts';
import type { Position } from '../protocol/position.ts';
import type { IdempotencyKey } from './idempotency-key.ts';
import type { NewMessage } from './message.ts';

/** What is asked of a log: a message to add, and under which keys a retry of it is to be known. */
export interface Addition {
  readonly message: NewMessage;
  readonly idempotencyKey?: IdempotencyKey | undefined;
  /** Further keys under which the message will be known once it is added. */
  readonly aliases?: readonly IdempotencyKey[];
}

export interface Appended {
  readonly position: Position;
  /** Whether the key had been appended before: then `position` is the first one's. */
  readonly duplicate: boolean;
}

/** What became of an addition: added or known already, or why it was not. */
export type Outcome = Appended | FanwireError;
