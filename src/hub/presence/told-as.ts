import { payloadOf } from '../../log/message.ts';
import { PRESENCE_SUFFIX } from '../../protocol/channel-name.ts';
import { presenceKey } from '../publishing/idempotency-keys.ts';
import type { Publication } from '../publishing/publication.ts';
import type { PresenceNotice } from './hold.ts';

/** The message that tells the others of a member. */
export function toldAs({ channel, change, member, idempotencyKey }: PresenceNotice): Publication {
  return {
    channel: `${channel}${PRESENCE_SUFFIX}`,
    payload: payloadOf(member),
    type: change,
    conflationKey: undefined,
    idempotencyKey: presenceKey(idempotencyKey),
  };
}
