import { useEffect, useState } from 'preact/hooks';
import type { NodeName } from '../../../../../lab/cluster/cluster.ts';
import type { Passage } from '../../../../../lab/cluster/passages.ts';
import { CLUSTER_CHANNEL, type ClusterReport } from '../../../../cluster/cluster-report.ts';
import { sentenceOf } from '../../../shell/connection.ts';
import type { PageProps } from '../../../shell/pages.ts';

/** So many of the newest messages' ways are kept. */
const MAX_PASSAGES = 50;
/** A cluster that has been silent for so long is asked for anew. */
const SILENT_MS = 4000;

export type Nodes = Extract<ClusterReport, { kind: 'nodes' }>;

export interface ClusterView {
  /** Undefined until it runs. */
  readonly nodes: Nodes | undefined;
  /** The newest last. */
  readonly passages: readonly Passage<NodeName>[];
  readonly fault: string | undefined;
  command(what: 'kill' | 'start', node: NodeName): void;
}

/** Has the hub run two nodes while this page looks, and hears of them. */
export function useCluster({ fanwire, onRefused }: Pick<PageProps, 'fanwire' | 'onRefused'>): ClusterView {
  const [nodes, setNodes] = useState<Nodes>();
  const [passages, setPassages] = useState<readonly Passage<NodeName>[]>([]);
  const [fault, setFault] = useState<string>();

  useEffect(() => {
    let heardAt = 0;
    let asking = false;
    const subscription = fanwire.subscribe<ClusterReport>(CLUSTER_CHANNEL, {
      onMessage({ data }) {
        heardAt = performance.now();
        if (data.kind === 'passed')
          return setPassages((before) => [...before.slice(1 - MAX_PASSAGES), data.passage]);
        setFault(undefined);
        setNodes(data);
      },
      onError: (error) => onRefused(sentenceOf(error)),
    });
    const ask = async () => {
      if (asking || document.hidden || performance.now() - heardAt < SILENT_MS) return;
      asking = true;
      try {
        await fanwire.request('console:cluster');
        heardAt = performance.now();
      } catch (error) {
        setFault(sentenceOf(error));
      }
      asking = false;
    };
    void ask();
    const timer = setInterval(ask, SILENT_MS);
    return () => {
      clearInterval(timer);
      subscription.close();
    };
  }, [fanwire, onRefused]);

  return {
    nodes,
    passages,
    fault,
    command(what, node) {
      fanwire.request(`console:cluster:${what}`, { node }).catch((error) => setFault(sentenceOf(error)));
    },
  };
}
