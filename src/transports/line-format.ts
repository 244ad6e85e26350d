import { gapJson, messageJson } from './message-json.ts';
import { streamFormats } from './stream-sink.ts';

/** One message, gap or frame a line. */
export const lineFormats = streamFormats(
  (item) => Buffer.from(`${item.kind === 'message' ? messageJson(item.message) : gapJson(item.gap)}\n`),
  (json) => Buffer.from(`${json}\n`),
);
