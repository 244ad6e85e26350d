import type { TestContext } from 'node:test';
import { lmdbLog } from '../../src/log/lmdb/index.ts';
import type { Log } from '../../src/log/log.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { makeFastDirectory } from '../../test/support/directory.ts';
import { startNatsFrameProxy } from '../../test/support/nats-frame-proxy.ts';
import { sharedNats } from '../../test/support/shared-nats.ts';
import { sharedRedis } from '../../test/support/shared-redis.ts';
import { startTcpProxy } from '../../test/support/tcp-proxy.ts';

/** A log whose live feed is disturbed below it, and another one over the same messages that is not. */
export interface DisturbedLog {
  /** Neither is open. */
  readonly reader: Log;
  readonly writer: Log;
  /** Called before each append: what can be disturbed only as a whole is disturbed now, or not. */
  disturb(): void;
  /** From now on everything arrives. */
  calm(): void;
}

export interface DisturbedLogs {
  readonly name: string;
  make(t: TestContext, random: () => number): Promise<DisturbedLog>;
}

/** What a call of a reader may take, whose answer may be lost. */
const READER_MS = 3000;

const UNDISTURBED = { disturb() {}, calm() {} };

/**
 * Each log with what can happen to its live feed. Core NATS loses, repeats and swaps single messages. Redis announces over one
 * TCP connection, of which only the rest can be lost. In one process, and in a directory, nothing lies between.
 */
export const DISTURBED: readonly DisturbedLogs[] = [
  {
    name: 'memory',
    async make() {
      const log = memoryLog();
      return { reader: log, writer: log, ...UNDISTURBED };
    },
  },
  {
    name: 'lmdb',
    async make(t) {
      const log = lmdbLog({ directory: await makeFastDirectory(t) });
      return { reader: log, writer: log, ...UNDISTURBED };
    },
  },
  {
    name: 'redis',
    async make(t, random) {
      const options = await sharedRedis();
      const proxy = await startTcpProxy(t, Number(new URL(options.url).port));
      return {
        reader: redisLog({ ...options, url: `redis://127.0.0.1:${proxy.port}`, timeoutMs: READER_MS }),
        writer: redisLog(options),
        disturb() {
          const chance = random();
          // Mute for some appends, then cut: what was sent meanwhile is lost.
          if (chance < 0.1) proxy.partition();
          else if (chance < 0.3) proxy.heal();
        },
        calm: () => proxy.heal(),
      };
    },
  },
  {
    name: 'nats',
    async make(t, random) {
      const options = await sharedNats();
      let calm = false;
      const port = await startNatsFrameProxy(t, Number(new URL(options.url).port), () => {
        const chance = random();
        if (calm || chance > 0.25) return 'pass';
        if (chance < 0.03) return 'drop';
        return chance < 0.12 ? 'twice' : 'later';
      });
      return {
        reader: natsLog({ ...options, url: `nats://127.0.0.1:${port}`, timeoutMs: READER_MS }),
        writer: natsLog(options),
        disturb() {},
        calm() {
          calm = true;
        },
      };
    },
  },
];
