import type { TestContext } from 'node:test';
import { lmdbLog } from '../../src/log/lmdb/index.ts';
import type { Follower, Log, Retention } from '../../src/log/log.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { makeFastDirectory } from '../../test/support/directory.ts';
import { sharedNats } from '../../test/support/shared-nats.ts';
import { sharedRedis } from '../../test/support/shared-redis.ts';

/** How a test wants its log. */
export interface LogSetup {
  readonly retention?: (channel: string) => Retention;
  readonly follower?: Follower;
  /** Unix milliseconds. */
  readonly clock?: () => number;
  readonly keyTtlMs?: number;
  readonly keysPerScope?: number;
  /** Channels remembered after all they held has gone; a log that remembers them all may ignore it. */
  readonly maxChannels?: number;
}

/** A log as the suite sees it. */
export interface LogUnderTest {
  readonly name: string;
  /** Random programs to run, each on a log of its own: as many as take some seconds. */
  readonly programs: number;
  /** Its engine forgets keys by a clock of its own: in a test's time none. */
  readonly remembersKeys?: true;
  /** Opens an empty one for as long as the test lasts. */
  open(t: TestContext, setup?: LogSetup): Promise<Log>;
}

export const KEEPS_ALL: Retention = { count: 1000, ageMs: 86_400_000 };

const NOBODY: Follower = { appended() {}, interrupted() {} };

/** Every file of the suite runs over every row. A new log is one row more. */
export const LOGS: readonly LogUnderTest[] = [
  {
    name: 'memory',
    programs: 200,
    async open(t, { retention = () => KEEPS_ALL, follower = NOBODY, ...options } = {}) {
      const log = memoryLog(options);
      t.after(() => log.close());
      await log.open(follower, retention);
      return log;
    },
  },
  {
    name: 'redis',
    programs: 10,
    async open(t, { retention = () => KEEPS_ALL, follower = NOBODY, ...options } = {}) {
      const log = redisLog({ ...(await sharedRedis()), ...options });
      t.after(() => log.close());
      await log.open(follower, retention);
      return log;
    },
  },
  {
    name: 'lmdb',
    programs: 10,
    async open(t, { retention = () => KEEPS_ALL, follower = NOBODY, ...options } = {}) {
      const log = lmdbLog({ directory: await makeFastDirectory(t), ...options });
      t.after(() => log.close());
      await log.open(follower, retention);
      return log;
    },
  },
  {
    name: 'nats',
    programs: 10,
    remembersKeys: true,
    async open(t, { retention = () => KEEPS_ALL, follower = NOBODY, clock = Date.now } = {}) {
      const log = natsLog({ ...(await sharedNats()), clock });
      t.after(() => log.close());
      await log.open(follower, retention);
      return log;
    },
  },
];
