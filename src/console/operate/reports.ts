import type { ChannelView, ConnectionView, HubStats } from '../../fanwire-hub.ts';

/*
 * What the console's processes tell of themselves, as its page reads it: each on channels of its own, or with its name
 * on a common one, as any number of them may share a log.
 */

/** What every process is doing, once a second. */
export const NODES_CHANNEL = 'console:nodes';

/** The processes are asked to do something; only the hub publishes here. */
export const COMMANDS_CHANNEL = 'console:commands';

/** Who is connected to a process, while somebody watches. */
export function connectionsChannel(node: string): string {
  return `console:connections:${node}`;
}

/** What channels there are, as a process knows them, while somebody watches. */
export function channelsChannel(node: string): string {
  return `console:channels:${node}`;
}

export interface NodeReport {
  readonly node: string;
  readonly pid: number;
  readonly host: string;
  /** Unix milliseconds. */
  readonly since: number;
  /** Share of one processor's time that this process has used since its last report. */
  readonly load: number;
  /** The memory that the process has in use, whatever for. */
  readonly memoryBytes: number;
  /** The longest that its event loop was late since its last report. */
  readonly eventLoopDelayMs: number;
  readonly stats: HubStats;
}

export interface ConnectionsReport {
  /** However many are listed. */
  readonly total: number;
  /** Those that lag come first, the furthest behind before the others; then the newest. */
  readonly connections: readonly ConnectionView[];
}

export interface ChannelsReport {
  /** However many are listed; those of the console are not among them. */
  readonly total: number;
  readonly channels: readonly ChannelView[];
}

export type Command =
  | { readonly kind: 'drain'; readonly node: string; readonly withinMs?: number }
  | { readonly kind: 'resume'; readonly node: string }
  /** `ids` of the process's connections. */
  | { readonly kind: 'disconnect'; readonly node: string; readonly ids: readonly number[] };
