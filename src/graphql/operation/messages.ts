import { checkRead } from '../../hub/authorisation/check-rights.ts';
import { gapOf } from '../../log/gap.ts';
import type { StoredMessage } from '../../log/message.ts';
import type { Gap } from '../../protocol/gap.ts';
import { formatPosition } from '../../protocol/position.ts';
import { atLeast, namedChannels, startGiven } from '../../server/channel-url.ts';
import { dataJson } from '../message-fields.ts';
import { WrittenJson } from '../result-json.ts';
import type { OperationContext } from './execute.ts';

/** How many of the newest messages are given to whoever does not say where to start. */
const NEWEST = 100;

export interface MessagesArguments {
  readonly channels: readonly string[];
  readonly after?: string | null;
  readonly last?: number | null;
  readonly limit?: number | null;
}

/** A page of what channels have. @throws FanwireError */
export async function messages(
  { channels, after, last, limit }: MessagesArguments,
  { hub, caller }: OperationContext,
) {
  const names = namedChannels(channels, hub.limits);
  await checkRead(caller.access, names);
  const { pageMessages } = hub.limits;
  const most = Math.min(atLeast('limit', limit ?? undefined) ?? pageMessages, pageMessages);
  const start = startGiven(after, last) ?? { kind: 'last', count: Math.min(NEWEST, most) };
  hub.meter.polls += 1;
  const { items, position, more } = await hub.read(names, start, most);
  return {
    messages: items.flatMap((item) => (item.kind === 'message' ? messageFields(item.message) : [])),
    gaps: items.flatMap((item): Gap[] => (item.kind === 'gap' ? [gapOf(item.gap)] : [])),
    position: formatPosition(position),
    more,
  };
}

function messageFields(message: StoredMessage) {
  const { channel, type, from, time, payload } = message;
  return {
    id: formatPosition(message),
    channel,
    type,
    from,
    time,
    data: new WrittenJson(dataJson(payload)),
    encoding: payload.kind === 'binary' ? 'base64' : undefined,
  };
}
