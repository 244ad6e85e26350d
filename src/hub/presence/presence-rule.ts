import { isChannelName, PRESENCE_SUFFIX } from '../../protocol/channel-name.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import type { ResolvedRule } from '../authorisation/rules.ts';

/** @throws FanwireError `forbidden`, `invalid_channel`, `message_too_large` */
export function assertMayBePresent(
  { presence }: ResolvedRule,
  { presenceBytes }: Limits,
  channel: string,
  data: unknown,
): void {
  if (!presence) {
    throw new FanwireError('forbidden', `${channel} has no presence (its rule says presence: false)`);
  }
  const told = `${channel}${PRESENCE_SUFFIX}`;
  if (channel.endsWith(PRESENCE_SUFFIX) || !isChannelName(told)) {
    throw new FanwireError('invalid_channel', `presence is told of on ${told}, which is no channel's name`);
  }
  if (Buffer.byteLength(JSON.stringify(data)) > presenceBytes) {
    throw new FanwireError('message_too_large', `presence data takes ${presenceBytes} bytes (presenceBytes)`);
  }
}
