import { FanwireError } from '../protocol/errors.ts';
import { isLoopback } from './address.ts';

/**
 * Holds the promise that nobody opens a hub to the network by accident.
 * @throws FanwireError `invalid_parameter` unless the host is loopback, tokens are asked for, or
 * `anonymous` says that everyone is welcome
 */
export function assertSafeAddress(host: string, safety: { authorise?: unknown; anonymous?: boolean }): void {
  if (host === 'localhost' || isLoopback(host)) return;
  if (safety.authorise !== undefined || safety.anonymous) return;
  throw new FanwireError(
    'invalid_parameter',
    `${host || 'any address'} can be reached from other computers and no authorisation is configured: ` +
      'set `authorise`, or `anonymous` (--anonymous) if everyone may read and publish everything',
  );
}
