import type { GapReason } from '../../protocol/gap.ts';
import type { Retention } from '../log.ts';

/**
 * Whether retention has removed a message, and why. The stream may hold it still: it is trimmed now and
 * then, while what counts is how many newer ones there are and what time it is.
 */
export function removalOf(
  retention: Retention,
  message: { readonly time: number; readonly newer: number },
  now: number,
): GapReason | undefined {
  if (message.time + retention.ageMs <= now) return 'expired';
  return message.newer >= retention.count ? 'trimmed' : undefined;
}
