import { constants, deflateRawSync } from 'node:zlib';
import type { FrameFormat } from '../../hub/delivery/format.ts';
import { deflatedFrame, payloadOf } from '../../wire/websocket-frame.ts';
import { FeedWindows, type WindowedChunk } from '../shared-window.ts';
import type { Agreement } from './accept.ts';

/*
 * permessage-deflate (RFC 7692) in which every message is compressed once for all: by itself, `server_no_context_takeover`, so
 * that no message's length tells of what another one said; or in a window that readers share.
 */

/**
 * Larger messages are sent as they are. It is done within the tick, as what comes next must not overtake it: 256 KiB
 * hold the loop for a millisecond or two, and the largest message that the limits allow by default would for ten.
 */
const MAX_BYTES = 256 * 1024;
/** A message of 64 KiB takes a quarter of the default level's time and comes out a fifth larger. */
const OPTIONS = { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH };
/** The end of a flush, 00 00 ff ff, which is left out (RFC 7692 section 7.2.1). */
const TAIL_BYTES = 4;

type Format = FrameFormat<Buffer, Buffer>;
/** Its sinks choose of a chunk what their client can read. */
export type WindowedFormat = FrameFormat<Buffer, WindowedChunk | Buffer>;

/** The same format with its messages compressed alone, from a size on and where that makes them smaller. */
export const deflated = onceForEach((format: Format, thresholdBytes): Format => {
  return { ...format, encode: (item) => compress(format.encode(item), thresholdBytes) };
});

/** The same format with its messages compressed in a window that the readers of a feed share, where they can, and else as `deflated` does. */
export const windowed = onceForEach((format: Format, thresholdBytes): WindowedFormat => {
  const windows = new FeedWindows();
  return {
    ...format,
    join: (frames, { stretch, position }) =>
      windows.chunk(
        {
          join: (deflate) => Buffer.concat(frames.map((frame) => within(frame, deflate))),
          separate: () => Buffer.concat(frames.map((frame) => compress(frame, thresholdBytes))),
        },
        stretch,
        position,
      ),
  };
});

/** The format of a client with which so much is agreed on. */
export function formatFor(agreement: Agreement, format: Format, thresholdBytes: number): WindowedFormat {
  switch (agreement) {
    case 'none':
      return format;
    case 'alone':
      return deflated(format, thresholdBytes);
    case 'shared':
      return windowed(format, thresholdBytes);
  }
}

/** What is shared is known by its format, so that each exists once. */
function onceForEach<Made>(
  make: (format: Format, thresholdBytes: number) => Made,
): (format: Format, thresholdBytes: number) => Made {
  const made = new WeakMap<Format, Map<number, Made>>();
  return (format, thresholdBytes) => {
    let byThreshold = made.get(format);
    if (!byThreshold) made.set(format, (byThreshold = new Map()));
    let one = byThreshold.get(thresholdBytes);
    if (!one) byThreshold.set(thresholdBytes, (one = make(format, thresholdBytes)));
    return one;
  };
}

function compress(frame: Buffer, thresholdBytes: number): Buffer {
  const payload = payloadOf(frame);
  if (payload.length < thresholdBytes || payload.length > MAX_BYTES) return frame;
  const compressed = deflateRawSync(payload, OPTIONS);
  const length = compressed.length - TAIL_BYTES;
  return length < payload.length ? deflatedFrame(frame, compressed.subarray(0, length)) : frame;
}

/** What does not come into a client's window, as it is not compressed, is as if it had not been. */
function within(frame: Buffer, deflate: (payload: Buffer) => Buffer): Buffer {
  const payload = payloadOf(frame);
  return payload.length > MAX_BYTES ? frame : deflatedFrame(frame, deflate(payload));
}
