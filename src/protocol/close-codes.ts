import type { ErrorCode } from './errors.ts';

/**
 * WebSocket close codes that the hub sends. The range tells a client what to do: 4400 to 4499 mean that
 * coming back unchanged would meet the same refusal; after any other code it comes back with its position.
 */
export const CLOSE = {
  /** RFC 6455 section 7.4.1: the purpose is fulfilled. */
  normal: 1000,
  /** RFC 6455 section 7.4.1, as the next two: a frame that the protocol does not allow, for example without a mask. */
  protocolError: 1002,
  /** Text that is not UTF-8. */
  invalidText: 1007,
  /** A message in more fragments than `ws` takes. */
  tooManyFragments: 1008,
  /** RFC 6455 section 7.4.1: a message too big to process. */
  tooBig: 1009,
  internal: 1011,
  /** The node restarts: come back at a random moment of the next seconds. */
  restart: 1012,
  tryLater: 1013,
  /** The other end was not heard from in time. */
  silent: 4000,
  tooMany: 4029,
  invalid: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  notFound: 4404,
} as const;

export function comesBack(code: number): boolean {
  return code < 4400 || code > 4499;
}

export function closeCodeOf(code: ErrorCode): number {
  // Inside, so that a client's bundle, which has no use for it, can leave it out.
  const byError: Partial<Record<ErrorCode, number>> = {
    unauthenticated: CLOSE.unauthenticated,
    forbidden: CLOSE.forbidden,
    origin_not_allowed: CLOSE.forbidden,
    not_found: CLOSE.notFound,
    message_too_large: CLOSE.tooBig,
    body_too_large: CLOSE.tooBig,
    too_many_connections: CLOSE.tooMany,
    too_many_publishes: CLOSE.tooMany,
    internal: CLOSE.internal,
    hub_busy: CLOSE.tryLater,
    log_unavailable: CLOSE.tryLater,
    authorisation_unavailable: CLOSE.tryLater,
    draining: CLOSE.restart,
    connection_lost: CLOSE.silent,
  };
  return byError[code] ?? CLOSE.invalid;
}

/** How long the other end may take over the last words: an answer under way, a close frame that is to be answered. In milliseconds. */
export const GOODBYE_MS = 2_000;
