import type { NodeName, NodeState } from '../../lab/cluster/cluster.ts';
import type { Passage } from '../../lab/cluster/passages.ts';

/** While somebody reads this channel the cluster goes on. */
export const CLUSTER_CHANNEL = 'console:cluster';

/** What the page Learn shows of the cluster. */
export type ClusterReport =
  | {
      readonly kind: 'nodes';
      /** Of the cluster. It is the secret part of its addresses, so that only who may read this channel reaches it. */
      readonly id: string;
      readonly nodes: Readonly<Record<NodeName, NodeState>>;
      /** The process that has the log. */
      readonly pid: number;
    }
  | { readonly kind: 'passed'; readonly id: string; readonly passage: Passage<NodeName> };

/** Whom a request below the cluster's path is for: a node, or whichever is next, as a load balancer chooses. */
export type Target = NodeName | 'any';

/** The header of an answer that names the node it came from. */
export const SERVED_BY = 'X-Served-By';

/** The path of a cluster's hub by way of this one. */
export function clusterPath(id: string, target: Target): string {
  return `/console/cluster/${id}/${target}`;
}
