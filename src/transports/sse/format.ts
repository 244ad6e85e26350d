import type { StoredMessage } from '../../log/message.ts';
import { formatPosition } from '../../protocol/position.ts';
import { sseEvent } from '../../wire/sse.ts';
import { gapJson, messageJson } from '../message-json.ts';
import { type StreamFormats, streamFormats } from '../stream-sink.ts';

/** One channel: `data` is the payload. */
export const payloadFormats = formats((message) => {
  switch (message.payload.kind) {
    case 'binary':
      // A data: URL says of itself that it is base64, and `fetch` decodes it.
      return `data:application/octet-stream;base64,${Buffer.from(message.payload.bytes).toString('base64')}`;
    default:
      return message.payload.text;
  }
});

/** Several channels, and the SDK's frames: `data` is the whole message. */
export const messageFormats = formats(messageJson);

function formats(dataOf: (message: StoredMessage) => string): StreamFormats {
  return streamFormats(
    (item) => {
      if (item.kind === 'gap') {
        // Without an id: several may stand at one place, and a client cut off between them has to hear of all.
        return Buffer.from(sseEvent({ event: 'gap', data: gapJson(item.gap) }));
      }
      const { message } = item;
      const event = message.type === undefined ? {} : { event: message.type };
      return Buffer.from(sseEvent({ id: formatPosition(message), ...event, data: dataOf(message) }));
    },
    (json) => Buffer.from(sseEvent({ data: json })),
  );
}
