import type { NodeName } from '../../../../../lab/cluster/cluster.ts';

export type { NodeName };

/** In the order that they are drawn in. */
export const NODE_NAMES = ['a', 'b'] as const satisfies readonly NodeName[];

export function titleOf(node: NodeName): string {
  return node.toUpperCase();
}
