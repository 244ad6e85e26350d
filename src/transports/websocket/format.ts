import type { FrameFormat } from '../../hub/delivery/format.ts';
import type { PageItem } from '../../log/log.ts';
import { binaryFrame, textFrame } from '../../wire/websocket-frame.ts';
import { gapJson, messageHeadJson, messageJson } from '../message-json.ts';

/** Every message a JSON text frame: the SDK's endpoint. */
export const textFormat = format(textOf);

/** The same, but a binary payload is a binary frame: the channel's URL. */
export const channelFormat = format((item) => {
  if (item.kind === 'gap' || item.message.payload.kind !== 'binary') return textOf(item);
  const head = Buffer.from(messageHeadJson(item.message));
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(head.length);
  return binaryFrame(length, head, item.message.payload.bytes);
});

function textOf(item: PageItem): Buffer {
  return textFrame(item.kind === 'message' ? messageJson(item.message) : gapJson(item.gap));
}

function format(encode: (item: PageItem) => Buffer): FrameFormat<Buffer, Buffer> {
  return {
    encode,
    // One write may carry many frames, and one frame needs no copy.
    join: (parts) => (parts.length === 1 ? parts[0]! : Buffer.concat(parts)),
    frame: textFrame,
  };
}
