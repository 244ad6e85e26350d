import { closeCodeOf } from '../../protocol/close-codes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

/** Close codes of the subprotocol graphql-transport-ws. Its clients come back after 4403, as another token may be let in, and after no other of these. */
export const GRAPHQL_CLOSE = {
  /** A message that the protocol does not have, or not now. */
  badRequest: 4400,
  /** An operation before the connection was acknowledged. */
  unauthorized: 4401,
  forbidden: 4403,
  subprotocolNotAcceptable: 4406,
  initialisationTimeout: 4408,
  /** Two operations under one id. */
  subscriberAlreadyExists: 4409,
  tooManyInitialisationRequests: 4429,
} as const;

/** The code of a refusal: to the hub's own clients 4401 says what it does not say here. */
export function graphqlCloseCodeOf(code: ErrorCode): number {
  return code === 'unauthenticated' ? GRAPHQL_CLOSE.forbidden : closeCodeOf(code);
}
