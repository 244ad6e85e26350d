import { setTimeout as wait } from 'node:timers/promises';
import { arrivals } from './probes/arrivals.ts';
import { bufferOf } from './probes/buffer.ts';
import { extendedConnect } from './probes/http2.ts';
import { longPoll } from './probes/long-poll.ts';
import { polls, publishTo } from './probes/polls.ts';
import { reach } from './probes/reach.ts';
import { openStream } from './probes/stream.ts';
import { tlsOf } from './probes/tls.ts';
import { upload } from './probes/upload.ts';
import { openWebSocket } from './probes/websocket.ts';
import { webTransport } from './probes/webtransport.ts';
import type { Reach, Readings, TlsReading, WireResult } from './readings.ts';
import { failureIn } from './request.ts';
import type { Target } from './target.ts';

/** A wire that is slow to prove itself is not waited for with the message, as the others may be held for less. */
const MESSAGE_AFTER_MS = 1000;

/** Tries every wire at once, and holds those that stay open. Takes as long as they are held, and some seconds more. */
export async function measure(given: Omit<Target, 'trusted'>): Promise<Readings> {
  const { url, channel, holdMs } = given;
  const base = { url, channel, holdMs, hasToken: given.token !== undefined, wires: {} };
  let tls: TlsReading | undefined;
  try {
    if (url.startsWith('https:')) tls = await tlsOf(new URL(url), given.patienceMs);
  } catch (error) {
    return { ...base, reach: { hub: false, failure: failureIn(error), afterMs: 0 } };
  }
  const trusted = tls?.fault === undefined;
  const target: Target = { ...given, trusted, token: trusted ? given.token : undefined };
  const reached = await reach(target);
  // A hub that refuses a poll may take a WebSocket still, whose token travels otherwise.
  if (!reached.hub && reached.failure.by === 'network') return { ...base, tls, reach: reached };
  return { ...base, tls, reach: reached, ...(await measureWires(target, reached, tls)) };
}

async function measureWires(target: Target, reached: Reach, tls: TlsReading | undefined) {
  const websocket = openWebSocket(target);
  const sse = openStream(target, 'text/event-stream');
  const streaming = openStream(target, 'application/x-ndjson');

  let publishedAt: number | undefined;
  const publish = () => {
    publishedAt = performance.now();
    return publishTo(target);
  };
  const settled = Promise.all([websocket.settled, sse.settled, streaming.settled]);
  const polling = Promise.race([settled, wait(MESSAGE_AFTER_MS)]).then(() => polls(target, publish));
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
    tls?.alpn === 'h2' ? extendedConnect(target) : undefined,
    webTransport(target, reached.hub ? reached.webtransport : undefined),
    arrivals(target),
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
