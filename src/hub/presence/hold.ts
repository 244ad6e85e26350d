import type { Holding, MemberKey, Stay } from '../../log/roster.ts';
import type { Member } from '../../protocol/frames.ts';

export type PresenceChange = 'join' | 'update' | 'leave';

/** What the others are told. Told twice under one idempotency key, it is in the log once. */
export interface PresenceNotice {
  readonly channel: string;
  readonly change: PresenceChange;
  readonly member: Member;
  readonly idempotencyKey: string;
}

/**
 * What the roster knows of a hold.
 *
 *   wanted ──answered──► telling ──told──► held
 *   (telling, held) ──joined with other data, lost──► wanted
 */
type Known =
  /** It is asked under this id until it answers. `untold` is left of the time before. */
  | { readonly kind: 'wanted'; readonly id: string; readonly untold: readonly PresenceNotice[] }
  /** It has answered, and what came of that is not all in the log yet. */
  | { readonly kind: 'telling'; readonly untold: readonly PresenceNotice[] }
  | { readonly kind: 'held' };

/** A client that subscriptions on this node hold present. */
export interface Hold {
  readonly memberKey: MemberKey;
  readonly member: Member;
  readonly subscriptions: number;
  /** What follows the last of them. Once the client has said goodbye, nothing: some of its requests may end later. */
  readonly afterwards: 'lingers' | 'leaves';
  readonly known: Known;
}

/** @param id for a stay that may begin: none has had it before */
export type HoldEvent =
  | { readonly kind: 'joined'; readonly member: Member; readonly id: string }
  | { readonly kind: 'released' | 'goodbye' | 'told' }
  | { readonly kind: 'answered'; readonly asked: Member; readonly holding: Holding; readonly id: string }
  | { readonly kind: 'lost'; readonly id: string };

export function newHold(memberKey: MemberKey, member: Member, id: string): Hold {
  return {
    memberKey,
    member,
    subscriptions: 1,
    afterwards: 'lingers',
    known: { kind: 'wanted', id, untold: [] },
  };
}

export function holdAfter(hold: Hold, event: HoldEvent): Hold {
  const { known } = hold;
  switch (event.kind) {
    case 'joined': {
      const joined = { ...hold, subscriptions: hold.subscriptions + 1, afterwards: 'lingers' } as const;
      // The roster knows as much already.
      if (known.kind === 'held' && isSameData(event.member, hold.member)) return joined;
      const id = known.kind === 'wanted' ? known.id : event.id;
      return {
        ...joined,
        member: event.member,
        known: { kind: 'wanted', id, untold: untoldOf(hold) },
      };
    }
    case 'released':
      return { ...hold, subscriptions: hold.subscriptions - 1 };
    case 'goodbye':
      return { ...hold, afterwards: 'leaves' };
    case 'answered': {
      const untold = [...untoldOf(hold), ...noticesOf(event.holding, event.id)];
      // A member that has joined again meanwhile, with other data perhaps, is still to be asked for.
      if (event.asked !== hold.member) return { ...hold, known: { kind: 'wanted', id: event.id, untold } };
      return { ...hold, known: telling(untold) };
    }
    case 'told': {
      const untold = untoldOf(hold).slice(1);
      return { ...hold, known: known.kind === 'wanted' ? { ...known, untold } : telling(untold) };
    }
    case 'lost':
      return { ...hold, known: { kind: 'wanted', id: event.id, untold: [] } };
  }
}

export function untoldOf({ known }: Hold): readonly PresenceNotice[] {
  return known.kind === 'held' ? [] : known.untold;
}

/** Several nodes may tell of one leave. */
export function leaveOf({ channel, member, id }: Stay): PresenceNotice {
  return { channel, change: 'leave', member, idempotencyKey: `leave ${id}` };
}

function isSameData(one: Member, other: Member): boolean {
  return JSON.stringify(one.data) === JSON.stringify(other.data);
}

function telling(untold: readonly PresenceNotice[]): Known {
  return untold.length === 0 ? { kind: 'held' } : { kind: 'telling', untold };
}

/** @param updateId tells an update from others of the same stay */
function noticesOf({ change, stay, ended }: Holding, updateId: string): PresenceNotice[] {
  const notices: PresenceNotice[] = ended ? [leaveOf(ended)] : [];
  if (change) {
    const { channel, member, id } = stay;
    const idempotencyKey = `${change} ${change === 'join' ? id : updateId}`;
    notices.push({ channel, change, member, idempotencyKey });
  }
  return notices;
}
