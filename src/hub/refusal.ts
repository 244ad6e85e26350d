import { FanwireError } from '../protocol/errors.ts';
import type { Access } from './authorisation/access.ts';

/** A log that is away says nothing of when it will be back: soon, mostly, and clients spread out by themselves. */
const AWAY_RETRY_SECONDS = 1;

/** What a client is told of an error: a fault of our own is `internal`, and no more than that. */
export function refusalOf(error: unknown): FanwireError {
  if (!(error instanceof FanwireError)) {
    return new FanwireError('internal', 'the hub failed; its log says what');
  }
  const { code, message, cause, retryAfter } = error;
  if (code !== 'log_unavailable' || retryAfter !== undefined) return error;
  return new FanwireError(code, message, { retryAfter: AWAY_RETRY_SECONDS, cause });
}

/** That what was asked for is not allowed: with a token that it is not granted, without one that one is needed. */
export function forbidden(access: Access, action: string): FanwireError {
  if (access.authenticated) {
    return new FanwireError('forbidden', `not allowed to ${action}: no grant or rule covers it`);
  }
  return new FanwireError('unauthenticated', `to ${action} takes a token whose grants cover it`);
}
