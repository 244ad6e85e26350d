import type { Hub } from '../hub/hub.ts';
import type { HelloFrame } from '../protocol/frames.ts';
import type { Caller } from './caller.ts';

/** A client may give more, and is not refused for it. */
const MAX_WHY = 200;

/**
 * A caller whose hello has been heard. A client that had shown no token at the door is asked only now, as the hello
 * may bring one: an `authorise` that refuses everyone without a token would never hear of it.
 * @throws FanwireError `unauthenticated`
 */
export async function admit(
  hub: Hub,
  caller: Caller,
  { token, why }: Pick<HelloFrame['hello'], 'token' | 'why'>,
): Promise<Caller> {
  const heard = why ? { ...caller, why: why.slice(0, MAX_WHY) } : caller;
  if (token === undefined && caller.credentials.token !== undefined) return heard;
  const credentials = token === undefined ? caller.credentials : { ...caller.credentials, token };
  return { ...heard, credentials, access: await hub.authorise(credentials) };
}
