import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '../../src/log/log.ts';

/** As many turns as a log behind a network may take to answer; primes, so that the pattern is a long one. */
const TURNS = [0, 3, 1, 7, 2, 5, 11];

/** A log whose answers arrive late, so that messages are appended and delivered while they are on their way. */
export function lateLog(log: Log): Log {
  let answers = 0;
  async function late<T>(answer: Promise<T> | T): Promise<T> {
    const value = await answer;
    for (let left = TURNS[answers++ % TURNS.length]!; left > 0; left--) await turn();
    return value;
  }
  return {
    capabilities: log.capabilities,
    append: (additions) => late(log.append(additions)),
    read: (channels, start, limit) => late(log.read(channels, start, limit)),
    follow: (channel) => late(log.follow(channel)),
    unfollow: (channel) => log.unfollow(channel),
    open: (follower, retention) => log.open(follower, retention),
    close: () => log.close(),
  };
}
