import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { gapOf, type StoredGap } from '../log/gap.ts';
import type { PageItem } from '../log/log.ts';
import type { Payload, StoredMessage } from '../log/message.ts';
import type { GapReason as Reason } from '../protocol/gap.ts';
import { formatPosition } from '../protocol/position.ts';
import {
  type Event,
  EventSchema,
  type Gap,
  GapReason,
  GapSchema,
  type Message,
  MessageSchema,
} from './gen/fanwire/v1/hub_pb.ts';

const REASONS: Readonly<Record<Reason, GapReason>> = {
  expired: GapReason.EXPIRED,
  trimmed: GapReason.TRIMMED,
  epoch: GapReason.EPOCH,
  skipped: GapReason.SKIPPED,
};

const CONTENT_TYPES: Readonly<Record<Payload['kind'], string>> = {
  json: 'application/json',
  text: 'text/plain',
  binary: 'application/octet-stream',
};

export function eventOf(item: PageItem): Event {
  return create(EventSchema, {
    event:
      item.kind === 'message'
        ? { case: 'message', value: messageOf(item.message) }
        : { case: 'gap', value: gapEvent(item.gap) },
  });
}

export function messageOf(stored: StoredMessage): Message {
  const { channel, type = '', from = '', time, payload } = stored;
  return create(MessageSchema, {
    id: formatPosition(stored),
    channel,
    type,
    from,
    time: timestampFromMs(time),
    data: payload.kind === 'binary' ? payload.bytes : Buffer.from(payload.text),
    contentType: CONTENT_TYPES[payload.kind],
  });
}

export function gapEvent(gap: StoredGap): Gap {
  return create(GapSchema, { ...gapOf(gap), reason: REASONS[gap.reason] });
}
