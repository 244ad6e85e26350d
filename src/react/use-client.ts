import type { Client } from '../client/index.ts';
import { useClientSource } from './provider.ts';

/**
 * Returns a function that gives the client, for effects and handlers that need more than the other hooks give.
 *
 * @example
 * ```tsx
 * import { useClient } from 'fanwire/react';
 *
 * export function SignOut() {
 *   const client = useClient();
 *   return <button onClick={() => client().setToken(undefined)}>Sign out</button>;
 * }
 * ```
 */
export function useClient(): () => Client {
  return useClientSource();
}
