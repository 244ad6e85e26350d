import { useState, useSyncExternalStore } from 'react';
import type { Member } from '../client/index.ts';
import { presenceList } from '../client/presence/index.ts';
import { type ClientSource, useClientSource } from './provider.ts';

const NOBODY: readonly Member[] = [];

/**
 * Who is present on a channel, the first to join first: another array whenever that has changed, and empty until it is known.
 * To be in it, read the channel by `useChannel` with `presence`. What the hub refuses goes to the client's `onError`.
 *
 * @param channel undefined is nobody
 * @example
 * ```tsx
 * import { useChannel, usePresence } from 'fanwire/react';
 *
 * export function Lobby({ name }: { name: string }) {
 *   useChannel('chat.lobby', { presence: { name } });
 *   const members = usePresence('chat.lobby');
 *   return <p>{members.length} are here</p>;
 * }
 * ```
 */
export function usePresence<M extends Member = Member>(channel: string | undefined): readonly M[] {
  const source = useClientSource();
  const create = () => ({ source, channel, store: createPresenceStore(source, channel) });
  const [kept, setKept] = useState(create);
  const stale = kept.source !== source || kept.channel !== channel;
  const held = stale ? create() : kept;
  if (stale) setKept(held);
  return useSyncExternalStore(held.store.subscribe, held.store.members, () => NOBODY) as readonly M[];
}

function createPresenceStore(source: ClientSource, channel: string | undefined) {
  let members = NOBODY;
  return {
    subscribe(changed: () => void) {
      if (channel === undefined) return () => {};
      try {
        const list = presenceList(source(), channel, (newest) => {
          members = newest;
          changed();
        });
        return () => list.close();
      } catch {
        // The client was closed. An error that is thrown here would unmount the tree.
        return () => {};
      }
    },
    members: () => members,
  };
}
