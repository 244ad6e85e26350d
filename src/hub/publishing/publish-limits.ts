import { FanwireError } from '../../protocol/errors.ts';
import type { Limits } from '../../protocol/limits.ts';

/**
 * @param where it stands, for the error
 * @throws FanwireError `message_too_large`
 */
export function assertMessageSize({ messageBytes }: Limits, bytes: number, where = ''): void {
  if (bytes <= messageBytes) return;
  throw new FanwireError(
    'message_too_large',
    `${where}a message takes ${messageBytes} bytes (messageBytes), not ${bytes}`,
  );
}

/** @throws FanwireError `invalid_parameter` */
export function assertConflationKey({ conflationKeyBytes }: Limits, conflationKey: string | undefined): void {
  if (conflationKey === undefined || Buffer.byteLength(conflationKey) <= conflationKeyBytes) return;
  throw new FanwireError(
    'invalid_parameter',
    `key: expected ${conflationKeyBytes} bytes at most (conflationKeyBytes)`,
  );
}
