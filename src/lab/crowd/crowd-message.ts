/** To the process that has the hub. */
export type ToCrowdHub = { readonly kind: 'read' } | { readonly kind: 'publish'; readonly awaited: number };

/** What the hub's process holds, after its garbage has been collected. */
export interface Memory {
  /** Pages of memory that the process has, of which some are free for the next request. */
  readonly rssBytes: number;
  /** Objects on the heap, and buffers beside it. */
  readonly heldBytes: number;
  /** Requests that wait for an answer. */
  readonly parked: number;
}

export interface Arrivals {
  /** By the computer's monotonic clock. */
  readonly publishedAt: number;
  /** Requests that came in each step since the publish. */
  readonly steps: readonly number[];
  readonly longestDelayMs: number;
}

export type FromCrowdHub =
  | { readonly kind: 'listening'; readonly port: number }
  | ({ readonly kind: 'memory' } & Memory)
  | ({ readonly kind: 'arrivals' } & Arrivals);

/** To the process that has the clients. */
export type ToClients =
  | { readonly kind: 'park'; readonly port: number; readonly count: number }
  | { readonly kind: 'herd'; readonly spreadMs: number };

export type FromClients =
  /** All clients have been answered since the herd was announced: when the first and the last of them, by the same clock. */
  | { readonly kind: 'answered'; readonly count: number; readonly firstAt: number; readonly lastAt: number }
  | { readonly kind: 'failed'; readonly detail: string };
