import type { TestContext } from 'node:test';
import type { Log } from '../../src/log/log.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { startNats } from '../../test/support/nats-server.ts';
import { startRedis } from '../../test/support/redis-server.ts';

/** The server behind the nodes, as the suite sees it. */
export interface RunningEngine {
  readonly port: number;
  /** Starts it again, on the same port, with all that it has acknowledged. */
  start(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Stops it from running, while its connections stay open. */
  freeze(): void;
  thaw(): void;
}

export interface Engine {
  readonly name: string;
  /** Starts an empty one that keeps what it acknowledges, for as long as the test lasts. */
  start(t: TestContext): Promise<RunningEngine>;
  /** The log of a node; `port` may be that of a proxy. */
  openLog(port: number, timeoutMs: number): Log;
  /** Whether presence is shared. */
  readonly roster: boolean;
}

/** Every file of the suite runs over every row. A new engine is one row more. */
export const ENGINES: readonly Engine[] = [
  {
    name: 'redis',
    start: (t) => startRedis(t, ['--appendonly', 'yes', '--appendfsync', 'always']),
    openLog: (port, timeoutMs) => redisLog({ url: `redis://127.0.0.1:${port}`, timeoutMs }),
    roster: true,
  },
  {
    name: 'nats',
    start: (t) => startNats(t),
    openLog: (port, timeoutMs) => natsLog({ url: `nats://127.0.0.1:${port}`, timeoutMs }),
    roster: true,
  },
];
