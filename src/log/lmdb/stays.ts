import { holdingOf, stayOf } from '../kit/holding.ts';
import { FRESH_MS, MAX_ENDING, OUTAGE_MS } from '../kit/roster-times.ts';
import type { Holding, MemberKey, Stay } from '../roster.ts';
import { beginningWith, type StayState, type Store } from './store.ts';

/*
 * What happens to a stay, within a transaction. `holder` is the process that acts.
 */

export function holdStay(store: Store, holder: string, wanted: Stay, leaseMs: number, now: number): Holding {
  if (nobodyIsPresent(store)) store.watch.put('watch', { askedAt: now, endsFrom: 0 });
  const found = store.stays.get([wanted.channel, wanted.client]);
  const holding = holdingOf(wanted, found);
  const { id, member } = holding.stay;
  const lease = { ends: now + leaseMs, lingers: false };
  const leases = { ...(found && !found.ending && found.leases), [holder]: lease };
  saveStay(store, wanted, { id, member, leases, due: found?.due ?? 0, ending: false }, now);
  return holding;
}

/** Whether there was a stay to renew. One that ran out unnoticed is renewed, too. */
export function renewStay(
  store: Store,
  holder: string,
  memberKey: MemberKey,
  leaseMs: number,
  now: number,
): boolean {
  const state = store.stays.get([memberKey.channel, memberKey.client]);
  if (!state || state.ending) return false;
  const lease = { ends: now + leaseMs, lingers: false };
  saveStay(store, memberKey, { ...state, leases: { ...state.leases, [holder]: lease } }, now);
  return true;
}

export function releaseStay(
  store: Store,
  holder: string,
  memberKey: MemberKey,
  lingerMs: number,
  now: number,
): void {
  const state = store.stays.get([memberKey.channel, memberKey.client]);
  if (!state?.leases[holder]) return;
  const lease = { ends: now + lingerMs, lingers: true };
  saveStay(store, memberKey, { ...state, leases: { ...state.leases, [holder]: lease } }, now);
  if (lingerMs === 0) endLingering(store, memberKey, now);
}

/** Ends what a client has left behind, on whatever channel and process. */
export function endAllLingering(store: Store, client: string, now: number): void {
  for (const [, channel] of [...store.channelsOf.getKeys(beginningWith(client))]) {
    endLingering(store, { channel, client }, now);
  }
}

export function nobodyIsPresent(store: Store): boolean {
  return store.dueStays.getKeysCount({ limit: 1 }) === 0;
}

/** Whether stays may end now; and whether it should be written down that this was asked. */
export function readWatch(store: Store, leaseMs: number, now: number) {
  const { askedAt, endsFrom } = store.watch.get('watch') ?? { askedAt: now, endsFrom: 0 };
  const isOutage = now - askedAt > OUTAGE_MS;
  const watch = { askedAt: now, endsFrom: isOutage ? now + leaseMs : endsFrom };
  return { watch, mayEnd: now >= watch.endsFrom, isStale: now - askedAt > FRESH_MS };
}

/** Stays that nobody has a lease on, as they were last saved. */
export function overdueStays(store: Store, now: number): (Stay & { readonly ending: boolean })[] {
  const due = [...store.dueStays.getKeys({ end: [now, '\uffff', '\uffff'], limit: MAX_ENDING })];
  return due.map(([, channel, client]) => {
    const state = store.stays.get([channel, client])!;
    return { ...stayOf({ channel, client }, state), ending: state.ending };
  });
}

export function endStay(store: Store, { channel, client }: MemberKey): void {
  store.stays.put([channel, client], { ...store.stays.get([channel, client])!, ending: true });
}

/** Whether it was there to be forgotten. */
export function forgetStay(store: Store, { channel, client, id }: Stay): boolean {
  const state = store.stays.get([channel, client]);
  if (!state?.ending || state.id !== id) return false;
  store.stays.remove([channel, client]);
  store.dueStays.remove([state.due, channel, client]);
  store.channelsOf.remove([client, channel]);
  return true;
}

function endLingering(store: Store, memberKey: MemberKey, now: number): void {
  const state = store.stays.get([memberKey.channel, memberKey.client]);
  if (!state) return;
  const leases = Object.entries(state.leases).filter(([, { lingers }]) => !lingers);
  saveStay(store, memberKey, { ...state, leases: Object.fromEntries(leases) }, now);
}

function saveStay(store: Store, { channel, client }: MemberKey, state: StayState, now: number): void {
  const leases = Object.entries(state.leases).filter(([, { ends }]) => ends > now);
  const due = Math.max(0, ...leases.map(([, { ends }]) => ends));
  store.dueStays.remove([state.due, channel, client]);
  store.dueStays.put([due, channel, client], true);
  store.channelsOf.put([client, channel], true);
  store.stays.put([channel, client], { ...state, leases: Object.fromEntries(leases), due });
}
