import { isChannelName, PRESENCE_SUFFIX } from '../../protocol/channel-name.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import { toJson } from '../../protocol/to-json.ts';
import type { ResolvedRule } from '../authorisation/rules.ts';
import { checkedBy } from '../schema-check.ts';

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

/** The data with which a client is present: what the channel's schema makes of it, if there is one. @throws FanwireError `invalid_data` */
export async function checkedPresence(
  { presence }: ResolvedRule,
  channel: string,
  data: unknown,
): Promise<unknown> {
  if (typeof presence === 'boolean') return data;
  // As every node reads it.
  return JSON.parse(toJson(await checkedBy(presence, data, `presence data for ${channel}`)));
}
