/** No delay is shorter: the same is never asked again at once. */
export const MIN_DELAY_MS = 20;

/** In milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

export const BACKOFF: Backoff = { first: 1000, most: 30_000 };

/**
 * Full jitter over a ceiling that doubles, from the first attempt on: after an outage the clients come
 * back spread over the whole span.
 *
 * @param attempt 0 for the first
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, { first, most }: Backoff, random: number): number {
  return MIN_DELAY_MS + random * Math.min(most, first * 2 ** attempt);
}

/** The same where the hub may have named the time: its word wins, jittered upwards, as all clients heard the same. */
export function waitMs(hintMs: number, attempt: number, backoff: Backoff, random: number): number {
  return hintMs ? hintMs + random * Math.max(backoff.first, hintMs / 4) : backoffMs(attempt, backoff, random);
}
