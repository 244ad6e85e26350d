import { differs, type IdempotencyKey } from '../idempotency-key.ts';
import { digestOf, keyNameOf } from '../kit/digests.ts';
import type { Store } from './store.ts';

/** Keys forgotten for each one that is added, at most: faster than they come, but no long halt. */
const FORGOTTEN_AT_ONCE = 4;

/** What was appended under a key. */
type Known = { readonly kind: 'unknown' } | { readonly kind: 'same' | 'other'; readonly sequence: number };

export interface KeyOptions {
  readonly keyTtlMs: number;
  readonly keysPerScope: number;
}

/** Whether a message was appended under the key, if that is still remembered, and whether it was the same one. */
export function findKey(
  { keys }: Store,
  channel: string,
  idempotencyKey: IdempotencyKey,
  now: number,
): Known {
  const [sequence, until, digest] = keys.get(placeOf(channel, idempotencyKey)) ?? [0, 0];
  if (until <= now) return { kind: 'unknown' };
  return { kind: differs(digest ?? undefined, idempotencyKey) ? 'other' : 'same', sequence };
}

/** Within a transaction: remembers under which keys a message was appended. */
export function addKeys(
  store: Store,
  channel: string,
  keys: readonly IdempotencyKey[],
  sequence: number,
  now: number,
  { keyTtlMs, keysPerScope }: KeyOptions,
): void {
  if (keys.length === 0) return;
  const until = now + keyTtlMs;
  const places = keys.map((key) => placeOf(channel, key));
  for (const [index, place] of places.entries()) {
    const { scope = '', digest = null } = keys[index]!;
    const share = textOf(nameOf(scope));
    // What was known under it before is out of date.
    forget(store, place);
    store.keys.put(place, [sequence, until, digest, share]);
    addToShare(store, share, sequence, place, keysPerScope);
  }
  store.keyQueue.put(sequence, [until, ...places]);
  forgetKeys(store, now, FORGOTTEN_AT_ONCE);
}

export function hasOldKeys({ keyQueue }: Store, now: number): boolean {
  const [oldest] = keyQueue.getRange({ limit: 1 });
  return oldest !== undefined && oldest.value[0] <= now;
}

/** Within a transaction: forgets the keys of at most so many messages whose time is over. */
export function forgetKeys(store: Store, now: number, most: number): void {
  for (const { key: sequence, value } of [...store.keyQueue.getRange({ limit: most })]) {
    const [until, ...places] = value;
    if (until > now) return;
    // It may have been used again since.
    for (const place of places) if (store.keys.get(place)?.[0] === sequence) forget(store, place);
    store.keyQueue.remove(sequence);
  }
}

function addToShare(store: Store, share: string, sequence: number, place: Uint8Array, most: number): void {
  const { keyShares } = store;
  keyShares.put([share, sequence, textOf(place)], place);
  const size = sizeOf(store, share) + 1;
  keyShares.put([share, 0, ''], size);
  if (size <= most) return;
  const [oldest] = [...keyShares.getRange({ start: [share, 1, ''], limit: 1 })];
  forget(store, oldest!.value as Uint8Array);
}

function forget(store: Store, place: Uint8Array): void {
  const [sequence, , , share] = store.keys.get(place) ?? [];
  if (sequence === undefined) return;
  store.keys.remove(place);
  if (share === undefined) return;
  store.keyShares.remove([share, sequence, textOf(place)]);
  const size = sizeOf(store, share) - 1;
  if (size > 0) store.keyShares.put([share, 0, ''], size);
  else store.keyShares.remove([share, 0, '']);
}

function sizeOf({ keyShares }: Store, share: string): number {
  return (keyShares.get([share, 0, '']) as number | undefined) ?? 0;
}

function placeOf(channel: string, idempotencyKey: IdempotencyKey): Uint8Array {
  return nameOf(keyNameOf(channel, idempotencyKey));
}

/** As short as LMDB's keys have to be. */
function nameOf(text: string): Uint8Array {
  return digestOf(text).subarray(0, 16);
}

function textOf(place: Uint8Array): string {
  return Buffer.from(place).toString('base64url');
}
