import { FanwireError, memoryLog } from '../../src/index.ts';
import type { Log } from '../../src/log/log.ts';

export interface AbsentLog extends Log {
  back(): void;
}

/** A log that can't be read until it is told to come back. */
export function absentLog(): AbsentLog {
  const log = memoryLog();
  let away = true;
  return {
    capabilities: log.capabilities,
    append: (additions) => log.append(additions),
    read: (channels, start, limit) =>
      away
        ? Promise.reject(new FanwireError('log_unavailable', 'it is away', { retryAfter: 1 }))
        : log.read(channels, start, limit),
    follow: (channel) => log.follow(channel),
    unfollow: (channel) => log.unfollow(channel),
    open: (follower, retention) => log.open(follower, retention),
    close: () => log.close(),
    back() {
      away = false;
    },
  };
}
