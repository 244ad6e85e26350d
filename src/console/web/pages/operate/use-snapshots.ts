import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../../../client/index.ts';

/** The newest snapshot of each node. The nodes take snapshots only while this hook reads their channels. */
export function useSnapshots<Report>(
  fanwire: Client,
  nodes: readonly string[],
  channelOf: (node: string) => string,
): ReadonlyMap<string, Report> {
  const [snapshots, setSnapshots] = useState<ReadonlyMap<string, Report>>(new Map());
  const names = nodes.join();
  useEffect(() => {
    const stop = new AbortController();
    setSnapshots(new Map());
    for (const node of names.split(',').filter(Boolean)) {
      fanwire.subscribe<Report>(channelOf(node), {
        last: 1,
        onMessage: ({ data }) => setSnapshots((before) => new Map(before).set(node, data)),
        // Nothing to do: the nodes' reports are refused as well, and `useNodes` tells of it.
        onError: () => {},
        signal: stop.signal,
      });
    }
    return () => stop.abort();
  }, [fanwire, names, channelOf]);
  return snapshots;
}
