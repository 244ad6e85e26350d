import type { ChannelView, ConnectionView, HubStats } from '../../fanwire-hub.ts';

/*
 * What each process of a hub publishes for the page Operate. Any number of processes may share a log, so that each puts its
 * name into what it publishes.
 */

/** While somebody reads it, every process publishes `NodeReports` here once a second, at first those of the last two minutes. */
export const NODES_CHANNEL = 'console:nodes';

/** A `Command` for one of the processes, or all of them. Only the hub publishes here. */
export const COMMANDS_CHANNEL = 'console:commands';

/** The `RowsPage`s of one view: of each process it asks one, anew whenever it changes. @param view the view's id */
export function rowsChannel(view: string): string {
  return `console:rows:${view}`;
}

export interface NodeReports {
  readonly reports: readonly NodeReport[];
}

export interface NodeReport {
  readonly node: string;
  /** Unix milliseconds. */
  readonly time: number;
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

/** A row of the clients. Its channels may be many, so that a list names the first. */
export interface ClientRow extends Omit<ConnectionView, 'client' | 'channels'> {
  readonly node: string;
  /** The client's id as its presence shows it: with the real one others could speak for the client. */
  readonly client?: string;
  readonly channels: readonly string[];
  readonly channelCount: number;
}

export interface ChannelRow extends ChannelView {
  readonly node: string;
}

export const CLIENT_ORDERS = ['transport', 'name', 'channels', 'behind', 'since', 'bytes'] as const;
export const CHANNEL_ORDERS = ['channel', 'readers', 'retained', 'newest'] as const;
export type ClientOrder = (typeof CLIENT_ORDERS)[number];
export type ChannelOrder = (typeof CHANNEL_ORDERS)[number];

/** Where a row stands in an order. Rows of one value stand by their keys, in the same direction. */
export interface Place {
  readonly value: string | number;
  readonly key: string;
}

/** The order of rows, by which the page joins those of several processes as well. */
export function compare(a: Place, b: Place): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.key < b.key ? -1 : Number(a.key > b.key);
}

/** What a view shows: some rows of a long list, which the processes search and sort. */
export type RowsQuery = {
  /** Names the view. It is the page's secret, as its channel has it in its name. */
  readonly view: string;
  /** Counts the questions of a view; a page of rows carries the count of its question. */
  readonly asked: number;
  /** The process that is asked; undefined for all. */
  readonly node?: string;
  /** Only rows that have this in their text. */
  readonly search: string;
  readonly descending: boolean;
  /** Only rows behind this place. */
  readonly after?: Place;
  /** Rows of each process, `MAX_ROWS` at most. */
  readonly limit: number;
} & (
  | { readonly of: 'clients'; readonly by: ClientOrder }
  | { readonly of: 'channels'; readonly by: ChannelOrder }
  /** One client, by its id or by `NODE.NUMBER` of its connection; `search`, `by` and `after` say nothing. */
  | { readonly of: 'client'; readonly name: string }
  /** One channel. */
  | { readonly of: 'channel'; readonly name: string }
);

/** A page of rows stays under some 100 kB. */
export const MAX_ROWS = 100;

export interface RowsPage<Row = ClientRow | ChannelRow> {
  readonly node: string;
  readonly asked: number;
  /** Of all rows, and of those that fit the search; channels of the console itself are not counted. */
  readonly total: number;
  readonly matching: number;
  readonly rows: readonly (Place & { readonly row: Row })[];
}

export type Command =
  | { readonly kind: 'drain'; readonly node: string; readonly withinMs?: number }
  | { readonly kind: 'resume'; readonly node: string }
  /** `ids`: the numbers of the process's connections. */
  | { readonly kind: 'disconnect'; readonly node: string; readonly ids: readonly number[] }
  /** Those that fit a search, on one process or, without `node`, on all. */
  | { readonly kind: 'disconnect-matching'; readonly node?: string; readonly search: string }
  | { readonly kind: 'look'; readonly query: RowsQuery };
