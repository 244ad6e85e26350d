import type { Client } from '../client/index.ts';
import { useClientSource } from './provider.ts';

/** For what the other hooks do not do, in effects and handlers: calling what it returns gives the client. */
export function useClient(): () => Client {
  return useClientSource();
}
