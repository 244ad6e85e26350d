import { createHash } from 'node:crypto';
import type { Store } from './store.ts';

/** Keys forgotten for each one that is added, at most: faster than they come, but no long halt. */
const FORGOTTEN_AT_ONCE = 4;

/** The sequence of the message that was appended under the key, if it is still remembered. */
export function findKey({ keys }: Store, channel: string, key: string, now: number): number | undefined {
  const [sequence, until] = keys.get(digestOf(channel, key)) ?? [0, 0];
  return until > now ? sequence : undefined;
}

/** Within a transaction: remembers under which keys a message was appended. */
export function addKeys(
  store: Store,
  channel: string,
  keys: readonly string[],
  sequence: number,
  now: number,
  ttlMs: number,
): void {
  if (keys.length === 0) return;
  const until = now + ttlMs;
  const digests = keys.map((key) => digestOf(channel, key));
  for (const digest of digests) store.keys.put(digest, [sequence, until]);
  store.keyQueue.put(sequence, [until, ...digests]);
  forgetKeys(store, now, FORGOTTEN_AT_ONCE);
}

export function hasOldKeys({ keyQueue }: Store, now: number): boolean {
  const [oldest] = keyQueue.getRange({ limit: 1 });
  return oldest !== undefined && oldest.value[0] <= now;
}

/** Within a transaction: forgets the keys of at most so many messages whose time is over. */
export function forgetKeys({ keys, keyQueue }: Store, now: number, most: number): void {
  for (const { key: sequence, value } of [...keyQueue.getRange({ limit: most })]) {
    const [until, ...digests] = value;
    if (until > now) return;
    // It may have been used again since.
    for (const digest of digests) if (keys.get(digest)?.[0] === sequence) keys.remove(digest);
    keyQueue.remove(sequence);
  }
}

/** Keys are a client's, of any length, and LMDB's may not be. */
function digestOf(channel: string, key: string): Uint8Array {
  // A space can't be part of a channel's name.
  return createHash('sha256').update(`${channel} ${key}`).digest().subarray(0, 16);
}
