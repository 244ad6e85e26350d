import { useState, useSyncExternalStore } from 'react';
import type { Status } from '../client/index.ts';
import { type ClientSource, useClientSource } from './provider.ts';

const NOT_YET: Status = { state: 'connecting', trying: [], failures: [], why: 'Not begun' };

/**
 * The client's status. With a client of `fanwire/tabs`, `useStatus<TabStatus>()` also has `via`, which says which tab holds
 * the connection.
 *
 * @example
 * ```tsx
 * import { useStatus } from 'fanwire/react';
 *
 * export function Connection() {
 *   const { state, why } = useStatus();
 *   return <p title={why}>{state}</p>;
 * }
 * ```
 */
export function useStatus<S extends Status = Status>(): S {
  const source = useClientSource();
  const create = () => ({ source, store: createStatusStore(source) });
  const [kept, setKept] = useState(create);
  const held = kept.source === source ? kept : create();
  if (held !== kept) setKept(held);
  return useSyncExternalStore(held.store.subscribe, held.store.status, () => NOT_YET) as S;
}

function createStatusStore(source: ClientSource) {
  let status = NOT_YET;
  return {
    subscribe(changed: () => void) {
      const client = source();
      // The client makes a new object each time it is asked, which React would take for a change.
      status = client.status;
      return client.onStatus((newest) => {
        status = newest;
        changed();
      });
    },
    status: () => status,
  };
}
