import type { Member } from '../../protocol/frames.ts';

/** What has become of one member since the list was told last. */
export interface PresenceChange<M extends Member = Member> {
  readonly type: 'join' | 'update' | 'leave';
  readonly member: M;
}

export type Members = ReadonlyMap<string, Member>;

/** What makes the one list the other: who has left, then who has come or has other data. */
export function changesBetween(before: Members, after: Members): PresenceChange[] {
  const changes: PresenceChange[] = [];
  for (const [client, member] of before) {
    if (!after.has(client)) changes.push({ type: 'leave', member });
  }
  for (const [client, member] of after) {
    const known = before.get(client);
    if (!known) changes.push({ type: 'join', member });
    else if (known !== member && JSON.stringify(known) !== JSON.stringify(member)) {
      changes.push({ type: 'update', member });
    }
  }
  return changes;
}

/** The first to join first. */
export function inOrder(members: Members): readonly Member[] {
  return [...members.values()].sort((a, b) => a.since - b.since);
}
