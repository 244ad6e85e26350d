import type { HandlerContext } from '@connectrpc/connect';
import { checkRead } from '../hub/authorisation/check-rights.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { Start } from '../protocol/start.ts';
import { readStart } from '../protocol/start-reader.ts';
import { namedChannels } from '../server/channel-url.ts';
import { type Call, callOf, refusalOf } from './call.ts';
import type { ReadRequest, SubscribeRequest } from './gen/fanwire/v1/hub_pb.ts';

/** What is to be read, and from where; `start` is undefined where the client has not said. */
export interface Asked {
  readonly call: Call;
  readonly channels: readonly string[];
  readonly start: Start | undefined;
}

/** @throws ConnectError as the hub refuses it */
export async function askedOf(
  request: SubscribeRequest | ReadRequest,
  context: HandlerContext,
): Promise<Asked> {
  const call = callOf(context);
  const { hub, caller } = call.exchange;
  try {
    const channels = namedChannels(request.channels, hub.limits);
    if (channels.length === 0) throw new FanwireError('invalid_channel', 'channels: name one at least');
    const asked = checkRead(caller.access, channels);
    if (asked) await asked;
    return { call, channels, start: startOf(request) };
  } catch (error) {
    throw refusalOf(call, error);
  }
}

/** Of a string a message of protobuf does not tell whether it was left out. */
function startOf({ after, last }: SubscribeRequest | ReadRequest): Start | undefined {
  if (last === undefined) return readStart(after || undefined, undefined);
  if (after !== '') throw new FanwireError('invalid_parameter', 'give either after or last, not both');
  if (last === 0) throw new FanwireError('invalid_parameter', 'last: expected a whole number of 1 or more');
  return readStart(undefined, last);
}
