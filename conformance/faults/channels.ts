/** The channels of a run, and what each keeps. */
export const CHANNELS = ['a', 'b', 'c', 'e', 't'] as const;

export type Channel = (typeof CHANNELS)[number];

/** Messages that a channel keeps. A gap is explained where this is less than what came after the lost message. */
export const KEPT: Readonly<Record<Channel, number>> = { a: 100_000, b: 100_000, c: 100_000, e: 0, t: 10 };

/** What readers read: one channel, channels that keep all, and some of either kind beside each other. */
export const READINGS: readonly (readonly Channel[])[] = [
  ['a'],
  ['a', 'b', 'c'],
  ['c', 'e'],
  ['a', 'e', 't'],
  ['b', 't'],
  ['a', 'b', 'c', 'e', 't'],
];

/** The configuration of each node. */
export const CONFIG = {
  heartbeatMs: 1000,
  channels: Object.fromEntries(
    CHANNELS.map((channel) => [
      channel,
      KEPT[channel] === 0 ? { ephemeral: true } : { retain: { count: KEPT[channel] } },
    ]),
  ),
  limits: { publishesPerSecond: 100_000 },
};
