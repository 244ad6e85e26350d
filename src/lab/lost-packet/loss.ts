/** Channels that are read side by side over one connection. The packet that is lost carries a message of the first. */
export const CHANNELS = ['a', 'b', 'c'] as const;

export type ChannelName = (typeof CHANNELS)[number];

/** How long is published to. */
export const RUN_MS = 1400;
/** The first message of the first channel after that is in a packet that is missing for so long. */
export const LOST_AFTER_MS = 500;
export const MISSING_MS = 200;
/** Between two messages of a channel. */
export const PERIOD_MS = 40;

/** A message's way, in milliseconds since the first publish. */
export interface Passed {
  readonly channel: ChannelName;
  readonly publishedMs: number;
  readonly arrivedMs: number;
}

/** What came over one connection, and when a packet was missing, in the same milliseconds. */
export interface LossRun {
  readonly passed: readonly Passed[];
  readonly missing: { readonly from: number; readonly to: number };
}

export interface Loss {
  /** Three streams of HTTP/2 over one connection of TCP. */
  readonly http2: LossRun;
  /** Three streams of one WebTransport session; undefined where @fanwire/webtransport is not installed. */
  readonly quic: LossRun | undefined;
}

export type FromLossProcess =
  | ({ readonly kind: 'measured' } & Loss)
  | { readonly kind: 'failed'; readonly detail: string };
