import type { WireSums } from './wire-meter.ts';

/** Signs of life come every 25 s: after so long an idle minute can be told from those that were seen. */
const MIN_WATCHED_MS = 30_000;

/** What a lane has cost, by what it was for; in bytes, both ways. Undefined: not known yet. */
export interface Cost {
  /** To begin: handshake, heads, padding. A transport that asks again begins with each request. */
  readonly once: number | undefined;
  /** Around a message. */
  readonly framing: number | undefined;
  readonly content: number | undefined;
  /** What a minute costs in which nothing comes. */
  readonly idleMinute: number | undefined;
}

/** What a lane itself has counted of its messages. */
export interface Received {
  readonly messages: number;
  /** The JSON of all of them. */
  readonly contentBytes: number;
}

/**
 * @param once all bytes until the first message could come; 0 where nothing of the wire is recorded, as over HTTP/2
 * @param watchedMs since then
 */
export function costOfStream(
  { delivering, upkeepBytes }: WireSums,
  { messages, contentBytes }: Received,
  once: number,
  watchedMs: number,
): Cost {
  const content = messages > 0 ? contentBytes / messages : undefined;
  const each = delivering.count > 0 ? delivering.bytes / delivering.count : undefined;
  const isRecorded = once > 0;
  return {
    once: isRecorded ? once : undefined,
    framing: each !== undefined && content !== undefined ? each - content : undefined,
    content,
    idleMinute: isRecorded && watchedMs >= MIN_WATCHED_MS ? (upkeepBytes * 60_000) / watchedMs : undefined,
  };
}

/**
 * Every request costs about the same beside the messages in its answer, also one whose answer holds none.
 * @param bringing requests that brought something
 * @param idleRequests how often a minute is asked while nothing comes
 */
export function costOfRequests(
  { answered }: WireSums,
  { messages, contentBytes }: Received,
  bringing: number,
  idleRequests: number,
): Cost {
  const each = answered.count > 0 ? (answered.bytes - contentBytes) / answered.count : undefined;
  return {
    once: 0,
    framing: each !== undefined && messages > 0 ? (each * bringing) / messages : undefined,
    content: messages > 0 ? contentBytes / messages : undefined,
    idleMinute: each === undefined ? undefined : each * idleRequests,
  };
}
