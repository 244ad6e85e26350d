import { beginningWith, type Store } from './store.ts';

/** Channels of a dead process that are forgotten at once. */
const FORGOTTEN_AT_ONCE = 1_000;

/** Within a transaction: a process tells how many subscribers it has, and forgets what dead ones have told. */
export function setSubscribers(
  store: Store,
  process: string,
  counts: ReadonlyMap<string, number>,
  leaseMs: number,
  now: number,
): void {
  store.reporters.put(process, now + leaseMs);
  for (const [channel, count] of counts) {
    if (count === 0) store.subscribers.remove([process, channel]);
    else store.subscribers.put([process, channel], count);
  }
  for (const { key, value } of [...store.reporters.getRange({})])
    if (value <= now) forgetReporter(store, key);
}

/** What all other processes have reported of a channel. */
export function countSubscribersElsewhere(
  store: Store,
  process: string,
  channel: string,
  now: number,
): number {
  let count = 0;
  for (const { key: other, value: ends } of [...store.reporters.getRange({})]) {
    if (other !== process && ends > now) count += store.subscribers.get([other, channel]) ?? 0;
  }
  return count;
}

function forgetReporter(store: Store, process: string): void {
  const range = { ...beginningWith(process), limit: FORGOTTEN_AT_ONCE };
  const keys = [...store.subscribers.getKeys(range)];
  for (const key of keys) store.subscribers.remove(key);
  if (keys.length < FORGOTTEN_AT_ONCE) store.reporters.remove(process);
}
