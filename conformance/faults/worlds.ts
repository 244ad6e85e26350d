import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { makeFastDirectory } from '../../test/support/directory.ts';
import { startNats } from '../../test/support/nats-server.ts';
import { startRedis } from '../../test/support/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.ts';
import type { Journal } from './journal.ts';
import { type Framing, NATS_FRAMING, REDIS_FRAMING, type Treatment, treatLive } from './live-messages.ts';
import { NodeProcess } from './node-process.ts';
import type { Random } from './random.ts';

/** What is below the hub, where that is a program of its own. */
interface Engine {
  start(): Promise<void>;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** A log with its nodes, and where they can be hurt. */
export interface World {
  readonly nodes: readonly NodeProcess[];
  /** Whether a node that is killed takes its messages with it: the next life is another epoch. */
  readonly forgets: boolean;
  /** Whether a gap of a channel that keeps nothing may announce more than was lost (PROTOCOL 1.9): its channels are read one by one. */
  readonly overstates?: true;
  /** Whether an engine that is started again knows only the keys of messages that it still holds (docs/deployment.md). */
  readonly forgetsKeys?: true;
  readonly engine?: Engine;
  /** The network between the engine and each node. */
  readonly cables?: readonly TcpProxy[];
  /** What may become of live messages on the way to the nodes. */
  readonly treatments: readonly Treatment[];
  readonly treat?: (treatment: Treatment) => void;
  /** Lets nothing be written, in one of the ways there are; resolves with what lets it again. */
  readonly refuseWrites?: (random: Random) => Promise<() => Promise<void>>;
}

export type LogName = keyof typeof WORLDS;

type OpenWorld = (t: TestContext, journal: Journal, random: Random) => Promise<World>;

/** For what is on its way while nobody publishes anew: to be over a new limit would cost a stream its oldest messages. */
const ROOM_BYTES = 100_000;

/** How many nodes share an engine. */
const NODES = 3;

/** Every run is of one of these. A new log is one more. */
export const WORLDS = {
  async memory(t, journal) {
    const node = await NodeProcess.start(t, journal, await makeFastDirectory(t), ['--log', 'memory']);
    return { nodes: [node], forgets: true, treatments: [] };
  },

  async lmdb(t, journal) {
    const directory = await makeFastDirectory(t);
    const log = join(directory, 'log');
    const args = ['--log', `lmdb:${log}`, '--workers', '2'];
    const node = await NodeProcess.start(t, journal, directory, args);
    return {
      nodes: [node],
      forgets: false,
      treatments: [],
      // A full disk: the file can't grow.
      async refuseWrites() {
        const ids = node.serving();
        limitFiles(ids, String(statSync(join(log, 'data.mdb')).size));
        return async () => limitFiles(ids, 'unlimited');
      },
    };
  },

  async redis(t, journal, random) {
    const redis = await startRedis(t, ['--appendonly', 'yes', '--appendfsync', 'always']);
    const world = await openShared(t, journal, random, redis.port, 'redis', REDIS_FRAMING);
    return {
      ...world,
      // One connection carries them in their order: none is lost, or overtaken, but with it.
      treatments: ['late'],
      engine: redis,
      async refuseWrites(random) {
        const [setting, refusing, again] = random.pick([
          ['maxmemory', '1mb', '0'],
          ['min-replicas-to-write', '1', '0'],
        ] as const);
        await redis.send('CONFIG', 'SET', setting, refusing);
        return async () => void (await redis.send('CONFIG', 'SET', setting, again));
      },
    };
  },

  async nats(t, journal, random) {
    const nats = await startNats(t);
    const world = await openShared(t, journal, random, nats.port, 'nats', NATS_FRAMING);
    return {
      ...world,
      overstates: true,
      forgetsKeys: true,
      treatments: ['lose', 'late', 'swap'],
      engine: nats,
      // A full disk, as far as the stream goes: it may hold little more than it holds.
      async refuseWrites() {
        await journal.rest(() => limitStream(nats.url, (bytes) => bytes + ROOM_BYTES));
        return () => limitStream(nats.url, () => -1);
      },
    };
  },
} satisfies Record<string, OpenWorld>;

async function openShared(
  t: TestContext,
  journal: Journal,
  random: Random,
  enginePort: number,
  scheme: string,
  framing: Framing,
): Promise<Omit<World, 'treatments'>> {
  let treatment: Treatment = 'pass';
  const directory = await makeFastDirectory(t);
  const numbers = Array.from({ length: NODES }, (_, index) => index);
  const cables = await Promise.all(
    numbers.map((n) =>
      startTcpProxy(
        t,
        enginePort,
        treatLive(framing, random.fork(`cable ${n}`), () => treatment),
      ),
    ),
  );
  const nodes = await Promise.all(
    cables.map(({ port }) =>
      NodeProcess.start(t, journal, directory, ['--log', `${scheme}://127.0.0.1:${port}`]),
    ),
  );
  return {
    nodes,
    cables,
    forgets: false,
    treat(next) {
      treatment = next;
    },
  };
}

/** Limits the size of files that processes may write, as they run. */
function limitFiles(processes: readonly number[], bytes: string): void {
  for (const id of processes) {
    const { status, stderr } = spawnSync('prlimit', ['--pid', `${id}`, `--fsize=${bytes}:`]);
    if (status !== 0 && statusOf(id)) throw new Error(`prlimit: ${stderr}`);
  }
}

/** Whether a process lives. */
function statusOf(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

async function limitStream(url: string, maxBytes: (bytes: number) => number): Promise<void> {
  const connection = await connect({ servers: url });
  try {
    const { streams } = await jetstreamManager(connection);
    const { config, state } = await streams.info('fanwire');
    await streams.update('fanwire', { ...config, discard: 'new' as never, max_bytes: maxBytes(state.bytes) });
  } finally {
    await connection.close();
  }
}
