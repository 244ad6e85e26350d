import type { Holding, MemberKey, Stay } from '../roster.ts';

/** What a roster has of a stay, beside who has a lease on it. */
export type FoundStay = Pick<Stay, 'id' | 'member'> & {
  /** Its leave may have been told: it can't go on. */
  readonly ending: boolean;
};

/**
 * What becomes of a stay that is wanted where another one may be. `roster.lua` decides the same within Redis, where nothing
 * comes between the look and the change.
 */
export function holdingOf(wanted: Stay, found: FoundStay | undefined): Holding {
  if (!found) return { change: 'join', stay: stayOf(wanted, wanted), ended: undefined };
  if (found.ending) {
    return { change: 'join', stay: stayOf(wanted, wanted), ended: stayOf(wanted, found) };
  }
  const member = { ...wanted.member, since: found.member.since };
  const stay = stayOf(wanted, { id: found.id, member });
  // The answer to the join was lost, as it is wanted again under the id that it began with: the join is told.
  if (found.id === wanted.id) return { change: 'join', stay, ended: undefined };
  const isSame = JSON.stringify(member) === JSON.stringify(found.member);
  return { change: isSame ? undefined : 'update', stay, ended: undefined };
}

/** A stay without what a roster keeps beside it. */
export function stayOf({ channel, client }: MemberKey, { id, member }: Pick<Stay, 'id' | 'member'>): Stay {
  return { channel, client, id, member };
}
