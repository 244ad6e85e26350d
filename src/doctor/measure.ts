import { type AsPage, arrivals } from './probes/arrivals.ts';
import { bufferOf } from './probes/buffer.ts';
import { longPoll } from './probes/long-poll.ts';
import { polls, publishTo } from './probes/polls.ts';
import { reach } from './probes/reach.ts';
import { openStream } from './probes/stream.ts';
import { upload } from './probes/upload.ts';
import type { Reach, Readings, WireResult } from './readings.ts';
import type { Recorder } from './recorder.ts';
import type { Target } from './target.ts';

/** A wire that is slow to prove itself is not waited for with the message, as the others may be held for less. */
const MESSAGE_AFTER_MS = 1000;

/** What differs between those who examine: a program, and a page. */
export interface Means {
  openWebSocket(target: Target): Recorder;
  webTransport(target: Target, offer: Offer): Promise<WireResult>;
  /** A WebSocket over HTTP/2, where that can be tried by itself. */
  readonly overHttp2?: (target: Target) => Promise<WireResult>;
  readonly asPage: AsPage;
}

/** Of a hub that serves WebTransport. */
export type Offer = Extract<Reach, { hub: true }>['webtransport'];

/** Tries every wire at once, and holds those that stay open. Takes as long as they are held, and some seconds more. */
export async function measure(
  target: Target,
  means: Means,
  given: Pick<Readings, 'tls' | 'hasToken'>,
): Promise<Readings> {
  const { url, channel, holdMs } = target;
  const reached = await reach(target);
  const base = { url, channel, holdMs, wires: {}, reach: reached, ...given };
  // A hub that refuses a poll may take a WebSocket still, whose token travels otherwise.
  if (!reached.hub && reached.failure.by === 'network') return base;
  return { ...base, ...(await measureWires(target, reached, means)) };
}

async function measureWires(target: Target, reached: Reach, means: Means) {
  const websocket = means.openWebSocket(target);
  const sse = openStream(target, 'text/event-stream');
  const streaming = openStream(target, 'application/x-ndjson');

  let publishedAt: number | undefined;
  const publish = async () => {
    const askedAt = performance.now();
    const published = await publishTo(target);
    // The hub had it an answer's way before: a slow publish is no delay of the wire, an answer that is held back is one.
    publishedAt = Math.max(askedAt, performance.now() - (reached.hub ? reached.firstByteMs : 0));
    return published;
  };
  const soon = new Promise((resolve) => setTimeout(resolve, MESSAGE_AFTER_MS));
  const settled = Promise.all([websocket.settled, sse.settled, streaming.settled]);
  const polling = Promise.race([settled, soon]).then(() => polls(target, publish));
  const whenPublished = () => publishedAt;
  const sseResult = sse.result(whenPublished);

  // Bodies and streams of some size are left for the end, so that they delay nothing whose time is taken.
  const [sockets, events, lines, parked, overHttp2, overUdp, arrived, polled, buffer] = await Promise.all([
    websocket.result(whenPublished),
    sseResult,
    streaming.result(whenPublished),
    !reached.hub || reached.mayRead
      ? longPoll(target)
      : ({ state: 'not tried', why: 'the channel may not be read' } as const),
    means.overHttp2?.(target),
    means.webTransport(target, reached.hub ? reached.webtransport : undefined),
    arrivals(target, means.asPage),
    polling,
    sseResult.then((result) => (isHeldBack(result) ? bufferOf(target) : undefined)),
  ]);
  return {
    arrivals: arrived,
    ...polled,
    buffer,
    upload: await upload(target),
    wires: {
      webtransport: overUdp,
      websocket: sockets,
      ...(overHttp2 && { 'websocket over HTTP/2': overHttp2 }),
      sse: events,
      'http-streaming': lines,
      'long-polling': parked,
      polling: pollingOf(reached),
    },
  };
}

function pollingOf(reached: Reach): WireResult {
  if (!reached.hub) return { state: 'failed', failure: reached.failure, afterMs: reached.afterMs };
  return { state: 'proved', firstByteMs: reached.firstByteMs, provedMs: reached.provedMs };
}

function isHeldBack(result: WireResult): boolean {
  if (result.state !== 'failed' || result.failure.by === 'hub') return false;
  return result.failure.cause === 'buffered' || result.failure.cause === 'mute';
}
