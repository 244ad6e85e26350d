import { formatPosition } from '../../protocol/position.ts';
import { isOwnChannel } from '../authorisation/own-channels.ts';
import type { Hub } from '../hub.ts';
import { LATENCY_BUCKETS } from '../meter.ts';
import type { Connection } from './connection.ts';
import type { Poller } from './pollers.ts';

/*
 * What an operator gets to see of a hub, as plain values: `fanwire-hub.ts` says what they mean.
 */

export function viewOf(connection: Connection) {
  const { id, since, channels, lagging, behind, socketBytes, peer, access } = connection;
  const { transport, address, client, why } = peer;
  return {
    id,
    transport,
    address,
    since,
    channels,
    lagging,
    ...(behind === undefined ? {} : { behind }),
    ...(socketBytes === undefined ? {} : { bytes: socketBytes }),
    ...(client === undefined ? {} : { client }),
    ...(why === undefined ? {} : { why }),
    ...(access.subject === undefined ? {} : { subject: access.subject }),
  };
}

/** Everyone who is connected, and who polls. */
export function viewsOf({ connections, meter }: Hub) {
  const { away, of } = meter.pollers.look(connections);
  const open = [...connections].map((connection) => {
    const view = viewOf(connection);
    const poller = of(connection);
    // The request that is parked now is one more.
    return poller ? { ...view, ...pollsOf(poller, poller.count + 1) } : view;
  });
  return [...open, ...away.map(viewOfPoller)];
}

function viewOfPoller(poller: Poller) {
  const { peer, channels } = poller;
  const { transport, address, client, why, access } = peer;
  return {
    id: poller.id,
    transport,
    address,
    channels,
    lagging: false,
    ...pollsOf(poller, poller.count),
    ...(client === undefined ? {} : { client }),
    ...(why === undefined ? {} : { why }),
    ...(access.subject === undefined ? {} : { subject: access.subject }),
  };
}

/** What stays the same from one request of a client that polls to the next. */
function pollsOf({ since, lastAt }: Poller, count: number) {
  return { since, polls: { count, lastAt } };
}

/** Among so many of the newest channels a search looks for names, because a log may keep a million. */
const MAX_SEARCHED = 10_000;

/** @throws FanwireError `log_unavailable` */
export async function listChannels({ fanOut, log: { census } }: Hub, maxChannels: number, search: string) {
  const readers = fanOut.subscribers();
  const newestOf = search === '' ? maxChannels : Math.max(maxChannels, MAX_SEARCHED);
  const [newest, count] = census ? await Promise.all([census.newest(newestOf), census.count()]) : [[], 0];
  const listed = (name: string) => name.includes(search) && !isOwnChannel(name);
  const byReaders = [...readers.keys()].filter(listed).sort((a, b) => readers.get(b)! - readers.get(a)!);
  const names = [...new Set([...byReaders.slice(0, maxChannels), ...newest.filter(listed)])].slice(
    0,
    maxChannels,
  );
  const ranges = (await census?.ranges(names)) ?? [];
  const channels = names.map((channel, index) => {
    const range = ranges[index];
    return {
      channel,
      readers: readers.get(channel) ?? 0,
      ...(range && {
        retained: {
          count: range.count,
          oldest: formatPosition(range.oldest),
          newest: formatPosition(range.newest),
        },
      }),
    };
  });
  return { channels, total: Math.max(names.length, readers.size, count) };
}

export function statsOf({ connections, fanOut, meter }: Hub) {
  const byTransport: Record<string, number> = {};
  for (const { peer } of connections) byTransport[peer.transport] = (byTransport[peer.transport] ?? 0) + 1;
  const { polls, messages, deliveries, bytes, gaps, refusals, latencyCounts } = meter;
  return {
    connections: byTransport,
    lagging: fanOut.lagging,
    polls,
    messages,
    deliveries,
    bytes,
    gaps: { ...gaps },
    refusals: Object.fromEntries(refusals),
    latency: { bounds: LATENCY_BUCKETS, counts: [...latencyCounts] },
  };
}
