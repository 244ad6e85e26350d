import type { FanwireError } from '../../protocol/errors.ts';
import type { Status } from '../connection/status.ts';
import type { State } from './state.ts';

/** The status of the connection that the tab uses. `via` says which tab holds it; undefined while that is not known. */
export type TabStatus = Status & { readonly via: 'this tab' | 'another tab' | undefined };

export function tabStatusOf(
  state: State,
  own: Status | undefined,
  error: FanwireError | undefined,
): TabStatus {
  if (error) {
    return {
      state: 'closed',
      code: error.code,
      failures: [],
      why: `Closed: ${error.message}`,
      via: undefined,
    };
  }
  if (own) return { ...own, via: 'this tab' };
  if (state.kind === 'follower') return { ...state.leader.status, via: 'another tab' };
  return {
    state: 'connecting',
    trying: [],
    failures: [],
    why: 'Asking which tab holds the connection',
    via: undefined,
  };
}
