import type { Hub } from '../hub/hub.ts';
import type { Caller } from './exchange.ts';

/**
 * A caller whose hello has been heard. Who had shown no token at the door is asked only now, as the hello
 * may bring one: an `authorise` that refuses everyone without a token would never hear of it.
 * @throws FanwireError `unauthenticated`
 */
export async function admit(hub: Hub, caller: Caller, token: string | undefined): Promise<Caller> {
  if (token === undefined && caller.credentials.token !== undefined) return caller;
  const credentials = token === undefined ? caller.credentials : { ...caller.credentials, token };
  return { ...caller, credentials, access: await hub.authorise(credentials) };
}
