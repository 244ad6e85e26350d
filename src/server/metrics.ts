import { checkRead } from '../hub/authorisation/check-rights.ts';
import type { Hub } from '../hub/hub.ts';
import { LATENCY_BUCKETS } from '../hub/meter.ts';
import { TRANSPORT_NAMES } from '../protocol/transport-name.ts';
import type { ServerExchange } from './server-exchange.ts';

/** The channel whose readers may read the metrics, where tokens are asked for. */
const METRICS_CHANNEL = 'fanwire:metrics';

/** How many requests and connections are open, of how many that may be. */
export interface Load {
  readonly open: number;
  readonly max: number;
}

/** @throws FanwireError `forbidden`, `unauthenticated` */
export async function serveMetrics(exchange: ServerExchange, requests: Load): Promise<void> {
  const { hub, caller, headers } = exchange;
  await checkRead(caller.access, [METRICS_CHANNEL]);
  const head = { ...headers, 'Content-Type': 'text/plain; version=0.0.4', 'Cache-Control': 'no-store' };
  exchange.send(200, head, renderMetrics(hub, requests));
}

type Kind = 'counter' | 'gauge' | 'histogram';
type Samples = readonly (readonly [suffix: string, value: number])[];

/**
 * The hub's accounts in Prometheus' text format 0.0.4. Written here because the maintained client
 * library asks for a newer Node than fanwire does (docs/decisions).
 */
export function renderMetrics(hub: Hub, requests: Load): string {
  const { meter } = hub;
  const open = new Map<string, number>(TRANSPORT_NAMES.map((name) => [name, 0]));
  for (const { peer } of hub.connections) open.set(peer.transport, (open.get(peer.transport) ?? 0) + 1);
  return [
    metric('connections', 'gauge', 'Open connections by transport.', labelled('transport', open)),
    metric('open_requests', 'gauge', 'Requests and connections open.', [['', requests.open]]),
    metric('open_requests_limit', 'gauge', 'The most requests and connections that may be open.', [
      ['', requests.max],
    ]),
    metric('polls_total', 'counter', 'Polls answered at once.', [['', meter.polls]]),
    metric('messages_total', 'counter', 'Messages published on this node.', [['', meter.messages]]),
    metric('deliveries_total', 'counter', 'Messages handed to subscribers.', [['', meter.deliveries]]),
    metric('sent_bytes_total', 'counter', 'Bytes handed to subscribers’ sockets.', [['', meter.bytes]]),
    metric('received_bytes', 'gauge', 'Bytes held of what clients have sent.', [['', hub.received.total]]),
    metric('received_bytes_limit', 'gauge', 'The most that may be held of what clients have sent.', [
      ['', hub.limits.receivedBytes],
    ]),
    metric('lagging_subscribers', 'gauge', 'Subscribers whose socket is full.', [['', hub.fanOut.lagging]]),
    metric(
      'gaps_total',
      'counter',
      'Gaps announced, by reason.',
      labelled('reason', Object.entries(meter.gaps)),
    ),
    metric(
      'refusals_total',
      'counter',
      'Requests and frames refused, by code.',
      labelled('code', meter.refusals),
    ),
    metric('publish_to_write_seconds', 'histogram', 'From a message’s append to its write.', latency(hub)),
  ].join('');
}

function metric(name: string, kind: Kind, help: string, samples: Samples): string {
  const lines = samples.map(([suffix, value]) => `fanwire_${name}${suffix} ${value}\n`);
  return `# HELP fanwire_${name} ${help}\n# TYPE fanwire_${name} ${kind}\n${lines.join('')}`;
}

function labelled(label: string, values: Iterable<readonly [string, number]>): Samples {
  return [...values].map(([value, count]) => [`{${label}="${value}"}`, count] as const);
}

function latency({ meter }: Hub): Samples {
  let total = 0;
  const buckets = meter.latencyCounts.map((count, index) => {
    total += count;
    return [`_bucket{le="${LATENCY_BUCKETS[index] ?? '+Inf'}"}`, total] as const;
  });
  return [...buckets, ['_sum', meter.latencySum], ['_count', total]];
}
