import type { IdempotencyKey } from '../../log/idempotency-key.ts';
import type { Payload } from '../../log/message.ts';
import type { Credentials } from '../authorisation/access.ts';

/** Whom a publish comes from, as its wire knows. */
export interface Sender {
  /** The SDK's client id, which is a secret. */
  readonly client?: string;
  readonly address: string;
  readonly headers: Credentials['headers'];
}

/** A publish on its way into the log. */
export interface Publication {
  readonly channel: string;
  readonly payload: Payload;
  readonly type: string | undefined;
  /** The public name of the client that it comes from. */
  readonly from?: string | undefined;
  /** Names what a conflating channel replaces. */
  readonly conflationKey: string | undefined;
  /** A retry under the same key is not appended again. */
  readonly idempotencyKey: IdempotencyKey | undefined;
}
