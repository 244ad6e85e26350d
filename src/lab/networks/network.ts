import type { HubOptions } from '../../hub/options.ts';
import type { Middlebox } from '../middlebox/middlebox.ts';
import type { Node } from '../nodes.ts';
import type { Pace } from '../pace.ts';

/** What lies between one client and the hub. */
export interface Way {
  readonly box: Middlebox;
  /** Whether the network has taken a connection away by itself. */
  readonly forgotten?: boolean;
  /** Answers that came out of a cache. */
  readonly fromCache?: number;
}

/** Puts a middlebox before a node. */
export type Place = (node: Pick<Node, 'port' | 'udpPort'>) => Promise<Middlebox>;

/** A column of the matrix. */
export interface Network {
  readonly name: string;
  readonly title: string;
  /** What it does, as a sentence. */
  readonly does: string;
  readonly nodes: 1 | 2;
  /** What its hub is configured with. */
  readonly options?: (pace: Pace) => HubOptions;
  /** For how long nothing is published before the change, in seconds of life. Default: no time. */
  readonly silence?: number;
  /** What happens midway, as a sentence. */
  readonly changes: string;
  /** Opens a way to the nodes, for one client. */
  open(nodes: readonly Node[], pace: Pace, place: Place): Promise<Way>;
  /** Makes happen what happens midway. Default: every connection is cut. */
  change?(ways: readonly Way[], nodes: readonly Node[]): Promise<void>;
}

export const CUT = 'Every connection is cut.';
