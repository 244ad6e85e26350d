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
  const [sequence, until, digest] = keys.get(storedNameOf(channel, idempotencyKey)) ?? [0, 0];
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
  const keyNames = keys.map((key) => storedNameOf(channel, key));
  for (const [index, keyName] of keyNames.entries()) {
    const { scope = '', digest = null } = keys[index]!;
    const share = textOf(nameOf(scope));
    // What was known under it before is out of date.
    forget(store, keyName);
    store.keys.put(keyName, [sequence, until, digest, share]);
    addToShare(store, share, sequence, keyName, keysPerScope);
  }
  store.keyQueue.put(sequence, [until, ...keyNames]);
  forgetKeys(store, now, FORGOTTEN_AT_ONCE);
}

export function hasOldKeys({ keyQueue }: Store, now: number): boolean {
  const [oldest] = keyQueue.getRange({ limit: 1 });
  return oldest !== undefined && oldest.value[0] <= now;
}

/** Within a transaction: forgets the keys of at most so many messages whose time is over. */
export function forgetKeys(store: Store, now: number, maxMessages: number): void {
  for (const { key: sequence, value } of [...store.keyQueue.getRange({ limit: maxMessages })]) {
    const [until, ...keyNames] = value;
    if (until > now) return;
    // It may have been used again since.
    for (const keyName of keyNames) if (store.keys.get(keyName)?.[0] === sequence) forget(store, keyName);
    store.keyQueue.remove(sequence);
  }
}

function addToShare(
  store: Store,
  share: string,
  sequence: number,
  keyName: Uint8Array,
  maxKeys: number,
): void {
  const { keyShares } = store;
  keyShares.put([share, sequence, textOf(keyName)], keyName);
  const size = sizeOf(store, share) + 1;
  keyShares.put([share, 0, ''], size);
  if (size <= maxKeys) return;
  const [oldest] = [...keyShares.getRange({ start: [share, 1, ''], limit: 1 })];
  forget(store, oldest!.value as Uint8Array);
}

function forget(store: Store, keyName: Uint8Array): void {
  const [sequence, , , share] = store.keys.get(keyName) ?? [];
  if (sequence === undefined) return;
  store.keys.remove(keyName);
  if (share === undefined) return;
  store.keyShares.remove([share, sequence, textOf(keyName)]);
  const size = sizeOf(store, share) - 1;
  if (size > 0) store.keyShares.put([share, 0, ''], size);
  else store.keyShares.remove([share, 0, '']);
}

function sizeOf({ keyShares }: Store, share: string): number {
  return (keyShares.get([share, 0, '']) as number | undefined) ?? 0;
}

function storedNameOf(channel: string, idempotencyKey: IdempotencyKey): Uint8Array {
  return nameOf(keyNameOf(channel, idempotencyKey));
}

/** As short as LMDB's keys have to be. */
function nameOf(text: string): Uint8Array {
  return digestOf(text).subarray(0, 16);
}

function textOf(keyName: Uint8Array): string {
  return Buffer.from(keyName).toString('base64url');
}
