import type { Member } from '../../protocol/frames.ts';
import type { Holding, Place, Stay } from '../roster.ts';

/** What the stream keeps of a stay. */
export interface StayState {
  readonly id: string;
  readonly member: Member;
  /** By node: `held` for as long as the node lives, or until when it lingers, by the server's clock. */
  readonly leases: Readonly<Record<string, 'held' | number>>;
  readonly ending: boolean;
}

export interface Held {
  readonly state: StayState;
  readonly holding: Holding;
}

export function holdStay(found: StayState | undefined, node: string, wanted: Stay, now: number): Held {
  const current = found?.ending ? undefined : found;
  const ended = found?.ending ? stayOf(wanted, found) : undefined;
  const member = current ? { ...wanted.member, since: current.member.since } : wanted.member;
  const leases = { ...leasesAt(current, now), [node]: 'held' as const };
  const state: StayState = { id: current?.id ?? wanted.id, member, leases, ending: false };
  const isSame = JSON.stringify(member) === JSON.stringify(current?.member);
  // Under the id that it began with it is asked for again, as the answer was lost.
  const change = state.id === wanted.id ? 'join' : isSame ? undefined : 'update';
  return { state, holding: { change, stay: stayOf(wanted, state), ended } };
}

/** @param ends when the node's lease does; 0 is at once, for all that lingers */
export function releaseStay(state: StayState, node: string, ends: number, now: number): StayState {
  const { [node]: _, ...others } = leasesAt(state, now);
  if (ends === 0) return endLingering({ ...state, leases: others });
  return { ...state, leases: { ...others, [node]: ends } };
}

export function endLingering(state: StayState): StayState {
  const held = Object.entries(state.leases).filter(([, lease]) => lease === 'held');
  return { ...state, leases: Object.fromEntries(held) };
}

/** Nodes whose lease lasts for as long as they do. */
export function holdersOf({ leases }: StayState): string[] {
  return Object.keys(leases).filter((node) => leases[node] === 'held');
}

/** When the last lease that lingers ends; 0 if none does. */
export function lingersUntil({ leases }: StayState): number {
  return Math.max(0, ...Object.values(leases).map((lease) => (lease === 'held' ? 0 : lease)));
}

export function stayOf({ channel, client }: Place, { id, member }: StayState): Stay {
  return { channel, client, id, member };
}

function leasesAt(state: StayState | undefined, now: number): StayState['leases'] {
  const lasting = Object.entries(state?.leases ?? {}).filter(([, lease]) => lease === 'held' || lease > now);
  return Object.fromEntries(lasting);
}
