import type { ChannelView, ConnectionView, HubStats } from '../../fanwire-hub.ts';

/*
 * What each process of a hub publishes for the page Operate. Any number of processes may share a log, so that each has
 * channels of its own, or puts its name into what it publishes on a common channel.
 */

/** Every process publishes a `NodeReport` here once a second. */
export const NODES_CHANNEL = 'console:nodes';

/** A `Command` for one of the processes. Only the hub publishes here. */
export const COMMANDS_CHANNEL = 'console:commands';

/** A `ConnectionsReport` of one process, while the channel has a reader. */
export function connectionsChannel(node: string): string {
  return `console:connections:${node}`;
}

/** A `ChannelsReport` of one process, while the channel has a reader. */
export function channelsChannel(node: string): string {
  return `console:channels:${node}`;
}

export interface NodeReport {
  readonly node: string;
  readonly pid: number;
  readonly host: string;
  /** Unix milliseconds. */
  readonly since: number;
  /** The share of one processor's time that the process has used since its last report. */
  readonly load: number;
  /** The resident memory of the process. */
  readonly memoryBytes: number;
  /** The longest delay of the process's event loop since its last report. */
  readonly eventLoopDelayMs: number;
  readonly stats: HubStats;
}

export interface ConnectionsReport {
  /** Of all connections, also of those that are not listed. */
  readonly total: number;
  /** First those that lag, the furthest behind first; then the newest. */
  readonly connections: readonly ConnectionView[];
}

export interface ChannelsReport {
  /** Of all channels but the console's, also of those that are not listed. */
  readonly total: number;
  readonly channels: readonly ChannelView[];
}

export type Command =
  | { readonly kind: 'drain'; readonly node: string; readonly withinMs?: number }
  | { readonly kind: 'resume'; readonly node: string }
  /** `ids`: the numbers of the process's connections. */
  | { readonly kind: 'disconnect'; readonly node: string; readonly ids: readonly number[] };
