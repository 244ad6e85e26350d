import { create } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { formatPosition } from '../protocol/position.ts';
import { refusalOf } from './call.ts';
import { gapEvent, messageOf } from './events.ts';
import { type Page, PageSchema, type ReadRequest } from './gen/fanwire/v1/hub_pb.ts';
import { askedOf } from './reading.ts';

/** How many of the newest messages are given to whoever does not say where to start. */
const NEWEST = 100;

export async function read(request: ReadRequest, context: HandlerContext): Promise<Page> {
  const { call, channels, start } = await askedOf(request, context);
  const { hub } = call.exchange;
  const limit = Math.min(request.limit || hub.limits.pageMessages, hub.limits.pageMessages);
  const from = start ?? { kind: 'last', count: Math.min(NEWEST, limit) };
  try {
    const { items, position, more } = await hub.read(channels, from, limit);
    return create(PageSchema, {
      gaps: items.flatMap((item) => (item.kind === 'gap' ? gapEvent(item.gap) : [])),
      messages: items.flatMap((item) => (item.kind === 'message' ? messageOf(item.message) : [])),
      position: formatPosition(position),
      more,
    });
  } catch (error) {
    throw refusalOf(call, error);
  }
}
