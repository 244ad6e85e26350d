import type { Follower, Log } from '../log/log.ts';
import { memoryLog } from '../log/memory/memory-log.ts';

/** One log in memory as so many nodes of this process share it. */
export function sharedLogs(nodes: number, log = memoryLog()): readonly Log[] {
  const share = shareLog(log);
  return Array.from({ length: nodes }, share);
}

/** Shares a log that is not open yet. Each call gives one node its view; each node is told of what any appends. */
export function shareLog(log: Log): () => Log {
  /** Of the nodes that are open, with the channels that each follows. */
  const followers = new Map<Follower, Set<string>>();
  const everyone: Follower = {
    appended(message) {
      for (const [follower, channels] of followers)
        if (channels.has(message.channel)) follower.appended(message);
    },
    interrupted() {
      for (const follower of followers.keys()) follower.interrupted();
    },
  };

  return () => {
    const followed = new Set<string>();
    let own: Follower | undefined;
    return {
      capabilities: { ...log.capabilities, shared: true },
      ...(log.census && { census: log.census }),
      async open(follower, retention, runtime) {
        if (followers.size === 0) await log.open(everyone, retention, runtime);
        own = follower;
        followed.clear();
        followers.set(follower, followed);
      },
      append: (additions) => log.append(additions),
      read: (channels, start, limit) => log.read(channels, start, limit),
      async follow(channel) {
        followed.add(channel);
        await log.follow(channel);
      },
      unfollow(channel) {
        followed.delete(channel);
        if ([...followers.values()].every((channels) => !channels.has(channel))) log.unfollow(channel);
      },
      async close() {
        if (own && followers.delete(own) && followers.size === 0) await log.close();
      },
    };
  };
}
