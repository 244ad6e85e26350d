import type { IdempotencyKey } from '../../log/idempotency-key.ts';
import type { Payload } from '../../log/message.ts';

/** A publish on its way into the log. */
export interface Publication {
  readonly channel: string;
  readonly payload: Payload;
  readonly type: string | undefined;
  /** Names what a conflating channel replaces. */
  readonly conflationKey: string | undefined;
  /** A retry under the same key is not appended again. */
  readonly idempotencyKey: IdempotencyKey | undefined;
}
