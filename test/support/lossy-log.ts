import type { Log } from '../../src/log/log.ts';

/** Of so many messages the live feed loses one. */
const LOSES = 13;

/** A log whose live feed now and then loses a message, and says so. */
export function lossyLog(log: Log): Log {
  let told = 0;
  return {
    capabilities: log.capabilities,
    append: (additions) => log.append(additions),
    read: (channels, start, limit) => log.read(channels, start, limit),
    follow: (channel) => log.follow(channel),
    unfollow: (channel) => log.unfollow(channel),
    open: (follower, retention) =>
      log.open(
        {
          appended: (message) => (++told % LOSES === 0 ? follower.interrupted() : follower.appended(message)),
          interrupted: () => follower.interrupted(),
        },
        retention,
      ),
    close: () => log.close(),
  };
}
