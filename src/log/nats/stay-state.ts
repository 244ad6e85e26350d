import { type FoundStay, holdingOf } from '../kit/holding.ts';
import type { Holding, Stay } from '../roster.ts';

/** What the stream keeps of a stay. */
export interface StayState extends FoundStay {
  /** By node: `held` for as long as the node lives, or until when it lingers, by the server's clock. */
  readonly leases: Readonly<Record<string, 'held' | number>>;
}

export interface Held {
  readonly state: StayState;
  readonly holding: Holding;
}

export function holdStay(found: StayState | undefined, node: string, wanted: Stay, now: number): Held {
  const holding = holdingOf(wanted, found);
  const { id, member } = holding.stay;
  const leases = { ...(found && !found.ending && leasesAt(found, now)), [node]: 'held' as const };
  return { state: { id, member, leases, ending: false }, holding };
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

function leasesAt({ leases }: StayState, now: number): StayState['leases'] {
  const lasting = Object.entries(leases).filter(([, lease]) => lease === 'held' || lease > now);
  return Object.fromEntries(lasting);
}
