import { FanwireError } from '../../protocol/errors.ts';
import type { ReceivedBytes } from './received-bytes.ts';

/** Long enough for what is held to be handled, short enough for a client to wait. */
const RETRY_SECONDS = 2;

/** What a client is told for whose bytes there is no room. */
export function hubBusy({ limits: { perAddress, total } }: ReceivedBytes): FanwireError {
  return new FanwireError(
    'hub_busy',
    `the hub holds what it may of what clients send: ${perAddress} bytes for one address (receivedBytesPerAddress), ` +
      `${total} for all (receivedBytes): send less at a time, or again in a moment`,
    { retryAfter: RETRY_SECONDS },
  );
}
