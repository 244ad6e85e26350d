import { checkPublish } from '../../hub/authorisation/check-rights.ts';
import { chosenKey } from '../../hub/publishing/idempotency-keys.ts';
import { checkDepth } from '../../hub/publishing/json-check.ts';
import { assertConflationKey, assertMessageSize } from '../../hub/publishing/publish-limits.ts';
import { checkMembers } from '../../hub/session/frame-reader.ts';
import { publishedPayload } from '../../hub/session/published-payload.ts';
import { payloadSize } from '../../log/message.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { PublishFrame } from '../../protocol/frames.ts';
import { formatPosition } from '../../protocol/position.ts';
import { takeTurns } from '../../server/publish.ts';
import type { OperationContext } from './execute.ts';

export interface PublishArguments {
  readonly channel: string;
  readonly data: unknown;
  readonly type?: string | null;
  readonly key?: string | null;
  readonly encoding?: string | null;
  readonly idempotencyKey?: string | null;
}

/** Appends a message. @throws FanwireError */
export async function publish(given: PublishArguments, { hub, caller }: OperationContext) {
  const published = checked(given);
  const { channel, type, key, idempotencyKey } = published;
  const { access } = caller;
  // A turn is nothing to whoever has no right to it.
  await checkPublish(access, channel);
  assertConflationKey(hub.limits, key);
  const payload = publishedPayload(published);
  const bytes = payloadSize(payload);
  assertMessageSize(hub.limits, bytes);
  // What stands in the document itself has not been looked at before.
  if (payload.kind === 'json') checkDepth(Buffer.from(payload.text), hub.limits.jsonDepth);
  takeTurns(caller, 1, bytes);
  const { position } = await hub.publishAs(
    access,
    { address: caller.address, headers: caller.credentials.headers },
    {
      channel,
      payload,
      type,
      conflationKey: key,
      idempotencyKey:
        idempotencyKey === undefined ? undefined : chosenKey(caller, idempotencyKey, { type, payload }),
    },
  );
  return { id: formatPosition(position) };
}

/** The same as the SDK's frame says it, and held to the same. @throws FanwireError `invalid_channel`, `invalid_parameter` */
function checked(given: PublishArguments): PublishFrame['publish'] {
  const members = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  const publish = Object.fromEntries(members) as unknown as PublishFrame['publish'];
  try {
    checkMembers({ ref: 0, publish });
    return publish;
  } catch (error) {
    const { code, message } = error as FanwireError;
    throw new FanwireError(code === 'invalid_frame' ? 'invalid_parameter' : code, message);
  }
}
