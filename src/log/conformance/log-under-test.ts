import type { TestContext } from 'node:test';
import { SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { Follower, Log, Retention } from '../log.ts';

/** What a test asks of a log that is made for it. A log that has no such limit ignores it. */
export interface LogLimits {
  /** How long an idempotency key is remembered, in milliseconds. */
  readonly keyTtlMs?: number;
  /** Keys of one scope that are remembered at once. */
  readonly keysPerScope?: number;
  /** Channels remembered after all they held has gone. */
  readonly maxChannels?: number;
}

/** A log as the suite is given it. */
export interface LogUnderTest {
  /** Stands in front of each test's name. */
  readonly name: string;
  /** Makes an empty log that nobody has opened. The suite opens and closes it. */
  make(t: TestContext, limits: LogLimits): Log | Promise<Log>;
  /** The same for a log that nodes share: so many that begin as one empty log. Without it nothing is asked of its roster. */
  makeNodes?(t: TestContext, nodes: number): Promise<readonly Log[]>;
  /** It tells what channels there are. */
  readonly hasCensus?: true;
  /** Its engine forgets idempotency keys by a clock and limits of its own: what is asked of that is left out. */
  readonly remembersKeys?: true;
  /** Random programs that it is compared with a model by, each on a log of its own. Default: 20. */
  readonly programs?: number;
}

/** How a test wants its log opened. */
export interface LogSetup extends LogLimits {
  readonly retention?: (channel: string) => Retention;
  readonly follower?: Follower;
  /** Unix milliseconds, as the log's runtime tells them. */
  readonly clock?: () => number;
}

/** A log as each part of the suite sees it. */
export interface OpenedUnderTest {
  readonly name: string;
  readonly programs: number;
  readonly remembersKeys: boolean;
  /** Opens an empty one for as long as the test lasts. */
  open(t: TestContext, setup?: LogSetup): Promise<Log>;
}

export const KEEPS_ALL: Retention = { count: 1000, ageMs: 86_400_000 };

export const NOBODY: Follower = { appended() {}, interrupted() {} };

export function openedUnderTest(under: LogUnderTest): OpenedUnderTest {
  const { name, programs = 20, remembersKeys = false } = under;
  return {
    name,
    programs,
    remembersKeys,
    async open(
      t,
      { retention = () => KEEPS_ALL, follower = NOBODY, clock = SYSTEM_RUNTIME.now, ...limits } = {},
    ) {
      const log = await under.make(t, limits);
      t.after(() => log.close());
      await log.open(follower, retention, { ...SYSTEM_RUNTIME, now: clock });
      return log;
    },
  };
}
