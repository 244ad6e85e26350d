import type { Order } from '../../lab/process/orders.ts';

/** After so long without a word of it a run is over: its process is gone. */
const LEASE_MS = 15_000;
export const RENEW_MS = LEASE_MS / 3;

/**
 * What the processes of a hub tell each other of the lab. All hear it in the order of the log, so that all know which run came first.
 */
export type Command =
  /** The process that was asked will run it, unless a run goes on. */
  | { readonly kind: 'begin'; readonly run: string; readonly node: string; readonly order: Order }
  | { readonly kind: 'goes on'; readonly run: string }
  | { readonly kind: 'over'; readonly run: string }
  /** For the process that runs. */
  | { readonly kind: 'more'; readonly order: Order }
  | { readonly kind: 'end' };

/** There is one run at a time, on whichever process. */
export type Slot =
  | { readonly kind: 'free' }
  | {
      readonly kind: 'taken';
      readonly run: string;
      readonly node: string;
      readonly by: Order['kind'];
      readonly until: number;
    };

/** @param now in milliseconds of this process's clock */
export function heard(slot: Slot, command: Command, now: number): Slot {
  const current = slotAt(slot, now);
  switch (command.kind) {
    case 'begin': {
      if (current.kind === 'taken') return current;
      const { run, node, order } = command;
      return { kind: 'taken', run, node, by: order.kind, until: now + LEASE_MS };
    }
    case 'goes on':
      return current.kind === 'taken' && current.run === command.run
        ? { ...current, until: now + LEASE_MS }
        : current;
    case 'over':
      return current.kind === 'taken' && current.run === command.run ? { kind: 'free' } : current;
    case 'more':
    case 'end':
      return current;
  }
}

export function slotAt(slot: Slot, now: number): Slot {
  return slot.kind === 'taken' && slot.until <= now ? { kind: 'free' } : slot;
}
