import { constants, deflateRawSync } from 'node:zlib';
import type { FrameFormat } from '../../hub/delivery/format.ts';
import { deflatedFrame, payloadOf } from '../../wire/websocket-frame.ts';

/*
 * permessage-deflate (RFC 7692) in which every message is compressed by itself, `server_no_context_takeover`: only
 * so can one compressed frame be everybody's, and no message's length tell of what another one said.
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

/** What is shared is known by its format, so that each exists once. */
const made = new WeakMap<Format, Map<number, Format>>();

/** The same format with its messages compressed, from this size on and where that makes them smaller. */
export function deflated(format: Format, thresholdBytes: number): Format {
  let byThreshold = made.get(format);
  if (!byThreshold) made.set(format, (byThreshold = new Map()));
  let compressing = byThreshold.get(thresholdBytes);
  if (!compressing) {
    const encode: Format['encode'] = (item) => compress(format.encode(item), thresholdBytes);
    byThreshold.set(thresholdBytes, (compressing = { ...format, encode }));
  }
  return compressing;
}

function compress(frame: Buffer, thresholdBytes: number): Buffer {
  const payload = payloadOf(frame);
  if (payload.length < thresholdBytes || payload.length > MAX_BYTES) return frame;
  const compressed = deflateRawSync(payload, OPTIONS);
  const length = compressed.length - TAIL_BYTES;
  return length < payload.length ? deflatedFrame(frame, compressed.subarray(0, length)) : frame;
}
