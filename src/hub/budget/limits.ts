import { getHeapStatistics } from 'node:v8';
import { DEFAULT_LIMITS, type Limits } from '../../protocol/limits.ts';

/** How much of the heap may be held of what clients have sent: on its way into the log it takes up to five times as much. */
const RECEIVED_SHARE = 1 / 16;

/** The limits of a hub: those given, else the defaults, as far as this process has the memory for them. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  const heapBytes = getHeapStatistics().heap_size_limit;
  // One body at least.
  const share = Math.max(DEFAULT_LIMITS.bodyBytes, Math.floor(heapBytes * RECEIVED_SHARE));
  const receivedBytes = Math.min(DEFAULT_LIMITS.receivedBytes, share);
  return { ...DEFAULT_LIMITS, receivedBytes, ...given };
}

/** The most bytes of one frame: a payload grows by a third as base64, and more where JSON escapes it. */
export function frameBytes({ messageBytes }: Limits): number {
  return messageBytes * 2 + 64 * 1024;
}
