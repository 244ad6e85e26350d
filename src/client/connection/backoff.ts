/** No delay is shorter, so that the same is never asked again at once. */
export const MIN_DELAY_MS = 20;

/** In milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

export const BACKOFF: Backoff = { first: 1000, most: 30_000 };

/**
 * A random delay up to a ceiling that doubles with each attempt. The whole delay is random, so that after an outage the
 * clients come back spread over the whole span.
 *
 * @param attempt 0 for the first
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, { first, most }: Backoff, random: number): number {
  return MIN_DELAY_MS + random * Math.min(most, first * 2 ** attempt);
}

/** The delay that the hub named, or else the backoff's. The hub names the same to all clients, so that a random part is added. */
export function waitMs(hintMs: number, attempt: number, backoff: Backoff, random: number): number {
  return hintMs ? hintMs + random * Math.max(backoff.first, hintMs / 4) : backoffMs(attempt, backoff, random);
}
