import type { Format } from '../hub/delivery/format.ts';
import type { PageItem } from '../log/log.ts';
import { formatPosition } from '../protocol/position.ts';
import { memo } from '../server/memo.ts';
import type { StreamKind } from '../transports/stream-channel.ts';
import { streamFormats } from '../transports/stream-sink.ts';
import { SSE_PADDING, sseComment, sseEvent, ssePosition, sseRetry } from '../wire/sse.ts';
import { graphqlError } from './errors.ts';
import { lastEvents } from './last-events.ts';
import { GAP_FIELDS, MESSAGE_FIELDS } from './message-fields.ts';
import type { Fields, Selection } from './operation/selection.ts';
import { resultJson } from './result-json.ts';

/** How the events of a subscription are written: one object for all subscriptions that want the same of them, so that each event is encoded once. */
export interface EventFormats {
  /** The result of each event, for an envelope of the subscriber's own. */
  readonly results: Format<Buffer, readonly Buffer[]>;
  /** As server-sent events, for clients that look after their position themselves. */
  readonly stream: StreamKind;
  /** The same for an EventSource, which is told of its position and names it when it comes back. */
  readonly eventSource: StreamKind;
}

export function eventFormatsOf({ root, message, gap }: Selection): EventFormats {
  return formatsFor(JSON.stringify([root, message, gap]));
}

/** By what is wanted, as JSON: two objects that say the same are not the same key. */
const formatsFor = memo((key): EventFormats => {
  const [root, message, gap] = JSON.parse(key) as [string, Fields, Fields];
  const encode = encoderOf({ root, message, gap });
  const formats = streamFormats(
    (item) => {
      const id = item.kind === 'message' ? { id: formatPosition(item.message) } : {};
      return Buffer.from(sseEvent({ ...id, event: 'next', data: encode(item) }));
    },
    (json) => Buffer.from(sseEvent({ data: json })),
  );
  const stream: StreamKind = {
    transport: 'graphql-sse',
    formats,
    contentType: 'text/event-stream',
    opening: (_, retryMs) => `${SSE_PADDING}${sseRetry(retryMs)}\n`,
    beat: () => `${sseComment('')}\n`,
    farewell: (reason) => lastEvents(resultJson({ errors: [graphqlError(reason)] })),
  };
  return {
    results: { encode: (item) => Buffer.from(encode(item)), join: (parts) => parts },
    stream,
    eventSource: {
      ...stream,
      opening: (position, retryMs) => `${SSE_PADDING}${sseRetry(retryMs)}${ssePosition(position)}`,
      beat: (position) => (position === undefined ? stream.beat(undefined) : ssePosition(position)),
    },
  };
});

/** Writes the result of an event, as the execution of the subscription for it would. */
export function encoderOf({ root, message, gap }: Selection): (item: PageItem) => string {
  const head = `{"data":{${JSON.stringify(root)}:{`;
  const messageMembers = membersOf(message, MESSAGE_FIELDS);
  const gapMembers = membersOf(gap, GAP_FIELDS);
  return (item) =>
    `${head}${item.kind === 'message' ? messageMembers(item.message) : gapMembers(item.gap)}}}}`;
}

function membersOf<Source>(
  fields: Fields,
  writers: Readonly<Record<string, (source: Source) => string>>,
): (source: Source) => string {
  const members = fields.map(([key, field]) => ({ name: `${JSON.stringify(key)}:`, write: writers[field]! }));
  return (source) => members.map(({ name, write }) => name + write(source)).join(',');
}
