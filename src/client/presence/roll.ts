import type { Member } from '../../protocol/frames.ts';
import type { PresenceChange } from './changes.ts';

/**
 *   asking ──answered──► known
 *     ▲                    │
 *     └──────missed────────┘
 * Changes that come while the hub is asked are kept: its answer may be older than they are, or newer.
 */
type State =
  | { readonly kind: 'asking'; readonly since: readonly PresenceChange[] }
  | { readonly kind: 'known' };

/** Who is present: the list that the hub answered with, and the changes that it has told of. */
export class Roll {
  members = new Map<string, Member>();
  #state: State = { kind: 'asking', since: [] };

  get isKnown(): boolean {
    return this.#state.kind === 'known';
  }

  /** Changes were missed: until the hub has been asked nothing here is sure. */
  missed(): void {
    this.#state = { kind: 'asking', since: [] };
  }

  took(change: PresenceChange): void {
    if (this.#state.kind === 'known') apply(this.members, change);
    else this.#state = { kind: 'asking', since: [...this.#state.since, change] };
  }

  answered(members: readonly Member[]): void {
    if (this.#state.kind === 'known') return;
    const changes = this.#state.since;
    this.members = new Map(members.map((member) => [member.client, member]));
    for (const change of changes) {
      const listed = this.members.get(change.member.client);
      // Where no change tells of the stay that is listed, it is later than the one that has ended: its join is still to come.
      const isLater = change.type === 'leave' && listed && !tellOf(changes, listed);
      if (!isLater) apply(this.members, change);
    }
    this.#state = { kind: 'known' };
  }
}

function apply(members: Map<string, Member>, { type, member }: PresenceChange): void {
  if (type === 'leave') members.delete(member.client);
  else members.set(member.client, member);
}

/** Whether changes tell of this stay of the member. */
function tellOf(changes: readonly PresenceChange[], { client, since }: Member): boolean {
  return changes.some(({ member }) => member.client === client && member.since === since);
}
