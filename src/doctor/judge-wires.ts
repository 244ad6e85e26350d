import { type Finding, PROXY } from './finding.ts';
import type { Failure, Readings, WireName, WireResult } from './readings.ts';

const STREAMS: readonly WireName[] = ['sse', 'http-streaming'];
const OPEN: readonly WireName[] = ['websocket', ...STREAMS, 'long-polling'];

type NetworkFailure = Extract<Failure, { by: 'network' }>;

/** A message takes as long as its publish and the way back; more is somebody’s buffer. */
const LATE_MS = 1000;

/** What the network does to each wire. */
export function judgeWires(readings: Readings): Finding[] {
  return [
    ...judgeWebSocket(readings.wires.websocket),
    ...judgeStreams(readings),
    ...judgeLongPolling(readings.wires['long-polling']),
    ...judgeLateness(readings),
    ...judgeCuts(readings),
    ...judgeUdp(readings.wires.webtransport),
  ];
}

/** Of what the network did. What the hub itself refuses, it refuses on every wire, and is judged once. */
function failureOf(result: WireResult | undefined): NetworkFailure | undefined {
  if (result?.state !== 'failed' || result.failure.by === 'hub') return undefined;
  return result.failure;
}

function judgeWebSocket(result: WireResult | undefined): Finding[] {
  const failure = failureOf(result);
  if (failure && (failure.cause === 'mute' || failure.cause === 'buffered')) {
    return [
      {
        fault: 'websocket-mute',
        sentence: `A WebSocket gets no answer: ${failure.detail}. Something between takes it and passes nothing on.`,
        change:
          'Look for a proxy or firewall that inspects traffic, and except the hub’s name there. TLS mostly helps.',
        see: PROXY,
      },
    ];
  }
  const isDropped =
    result?.state === 'failed' && result.failure.by === 'hub' && result.failure.code === 'upgrade_required';
  if (!failure && !isDropped) return [];
  return [
    {
      fault: 'upgrade-blocked',
      sentence: isDropped
        ? 'A WebSocket is refused: the request arrives at the hub without Upgrade, which a proxy has dropped.'
        : `A WebSocket is refused: ${failure!.detail}.`,
      change:
        'Pass Upgrade and Connection on: in nginx proxy_http_version 1.1 with proxy_set_header Upgrade and Connection, in Apache ProxyPass … upgrade=websocket. Clients go on over SSE meanwhile.',
      see: PROXY,
    },
  ];
}

function judgeStreams({ wires, buffer }: Readings): Finding[] {
  const failed = STREAMS.filter((name) => failureOf(wires[name]) !== undefined);
  const compressed = STREAMS.map((name) => wires[name]).find(
    (result) => result && 'encoding' in result && result.encoding !== undefined,
  );
  const findings: Finding[] = [];
  const held = failed.filter((name) => {
    const failure = failureOf(wires[name])!;
    return failure.cause === 'buffered' || failure.cause === 'mute';
  });
  if (held.length > 0) {
    const size =
      buffer === undefined
        ? ''
        : buffer.passesAt === undefined
          ? ` Not even ${buffer.heldAt} bytes pass before the end of the answer.`
          : ` It lets go of them between ${buffer.heldAt} and ${buffer.passesAt} bytes.`;
    findings.push({
      fault: 'stream-buffered',
      sentence: `A proxy holds streams back (${held.join(', ')}): ${failureOf(wires[held[0]!])!.detail}.${size}`,
      change:
        'Switch buffering off for the hub’s paths: in nginx proxy_buffering off, and no proxy_ignore_headers X-Accel-Buffering; in lighttpd server.stream-response-body = 1.',
      see: PROXY,
    });
  }
  const blocked = failed.filter((name) => !held.includes(name));
  if (blocked.length > 0) {
    findings.push({
      fault: 'stream-blocked',
      sentence: `Streams do not open (${blocked.join(', ')}): ${failureOf(wires[blocked[0]!])!.detail}.`,
      change:
        'Look for a proxy that ends answers without a length, or knows neither text/event-stream nor application/x-ndjson.',
      see: PROXY,
    });
  }
  if (compressed && 'encoding' in compressed) {
    findings.push({
      fault: 'stream-compressed',
      sentence: `A proxy compresses streams (${compressed.encoding}), though they say no-transform: each piece waits until the compressor lets go of it.`,
      change:
        'Leave text/event-stream and application/x-ndjson out of compression: in nginx out of gzip_types. The hub compresses by itself, with `compression`.',
      see: PROXY,
    });
  }
  return findings;
}

function judgeLongPolling(result: WireResult | undefined): Finding[] {
  const failure = failureOf(result);
  if (!failure) return [];
  return [
    {
      fault: 'poll-blocked',
      sentence: `A parked request gets no answer: ${failure.detail}.`,
      change:
        'Look for a time limit on whole requests: it has to be longer than the limit `waitSeconds` of the hub.',
      see: PROXY,
    },
  ];
}

function judgeLateness({ wires }: Readings): Finding[] {
  const late = Object.entries(wires).filter(
    ([, result]) => result.state === 'proved' && (result.messageMs ?? 0) > LATE_MS,
  );
  if (late.length === 0) return [];
  const times = late.map(
    ([name, result]) => `${name} ${Math.round((result as { messageMs: number }).messageMs)} ms`,
  );
  return [
    {
      fault: 'message-late',
      sentence: `A message takes long on an open wire: ${times.join(', ')}. Something gathers small pieces.`,
      change: 'In HAProxy: option http-no-delay. In nginx: proxy_buffering off.',
      see: PROXY,
    },
  ];
}

function judgeCuts({ wires, reach }: Readings): Finding[] {
  const cuts = OPEN.flatMap((name) => {
    const result = wires[name];
    return result?.state === 'proved' && result.held?.end === 'cut' ? [{ name, ...result.held }] : [];
  });
  const heartbeat = reach.hub ? `${reach.heartbeatMs / 1000} s` : '';
  // Shortly before it was cut something had come still: then it was not the silence.
  const idle = cuts.filter(({ ms, silentMs }) => silentMs >= ms / 2);
  const aged = cuts.filter((cut) => !idle.includes(cut));
  const told = (some: typeof cuts) =>
    some.map(({ name, ms, how }) => `${name} after ${seconds(ms)} (${how})`).join(', ');
  const findings: Finding[] = [];
  if (idle.length > 0) {
    const shortest = Math.min(...idle.map(({ silentMs }) => silentMs));
    findings.push({
      fault: 'idle-cut',
      sentence: `A silent connection is cut after ${seconds(shortest)}: ${told(idle)}.`,
      change: `Allow more silence than two heartbeats (${heartbeat} each) and a parked request: 60 s in all proxies, in nginx proxy_read_timeout. Or set \`heartbeatMs\` and the limit \`waitSeconds\` below ${seconds(shortest)}.`,
      see: PROXY,
    });
  }
  if (aged.length > 0) {
    findings.push({
      fault: 'lifetime-cut',
      sentence: `A connection is cut though heartbeats pass: ${told(aged)}. Clients come back from their position, at the price of a request.`,
      change: 'Raise the time that the proxy or balancer gives a whole request or connection.',
      see: PROXY,
    });
  }
  return findings;
}

function judgeUdp(result: WireResult | undefined): Finding[] {
  const failure = failureOf(result);
  if (!failure) return [];
  return [
    {
      fault: 'udp-blocked',
      sentence: `WebTransport is offered and does not arrive: ${failure.detail}. Clients go on over TCP.`,
      change: 'Open the hub’s port for UDP in firewalls and security groups, and past proxies.',
      see: 'docs/deployment.md#webtransport',
    },
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
