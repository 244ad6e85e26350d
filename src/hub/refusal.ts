import { FanwireError } from '../protocol/errors.ts';

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
