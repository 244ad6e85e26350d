/** So many times faster than in life the networks' and clients' waits are: a carrier's 30 s are 6 s at a pace of 5. */
export type Pace = number;

export const DEFAULT_PACE: Pace = 5;
/** The hub counts heartbeats in whole seconds: 25 s of life have to stay well below a carrier's 30 s. */
export const MAX_PACE: Pace = 5;

/** What is scaled, in seconds of life. Connecting, proving and reconnecting are not: they are what is measured. */
export const LIFE = {
  /** The hub's default. */
  heartbeat: 25,
  /** Between two polls: the SDK's default. */
  poll: 5,
  /** For which a long poll is parked. */
  parked: 50,
  /** How much longer a client waits for its answer. */
  parkedMargin: 10,
  /** Of silence, after which a session of WebTransport is lost: the hub's default. Half of it later each end asks for a sign of life. */
  quicIdle: 30,
  /** Of silence, after which a carrier forgets a connection. */
  carrier: 30,
  /** For which nothing is published to see what that does. */
  silence: 45,
} as const;

/** In whole milliseconds, as the hub's options take them. */
export function atPace(seconds: number, pace: Pace): number {
  return Math.round((seconds * 1000) / pace);
}
