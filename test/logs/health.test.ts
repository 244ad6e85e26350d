import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { lmdbLog } from '../../src/log/lmdb/index.ts';
import type { Log } from '../../src/log/log.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { makeFastDirectory } from '../support/directory.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { startNats } from '../support/nats-server.ts';
import { startRedis } from '../support/redis-server.ts';

/** Longer than any test: what answers before is not the log's own limit. */
const NEVER_MS = 1_000_000;

async function startHealth(t: TestContext, log: Log) {
  const { url, hub } = await startHub(t, { log, onError: () => {} });
  const healthOf = async (path = '/healthz') => {
    const answer = await send(`${url}${path}`);
    return [answer.status, answer.json().status];
  };
  /** On a busy machine an answer may take longer than health waits. */
  const until = async (expected: [status: number, health: string], path?: string) => {
    while (`${await healthOf(path)}` !== `${expected}`) await delay(20);
  };
  return { hub, healthOf, until };
}

test('a full Redis can be read: health says so, and is well again when there is room', async (t) => {
  const redis = await startRedis(t);
  const { hub, until } = await startHealth(t, redisLog({ url: redis.url }));
  await hub.publish('a', 1);
  await until([200, 'ok']);
  await redis.send('CONFIG', 'SET', 'maxmemory', '1');
  await assert.rejects(hub.publish('a', 2));
  await until([503, 'log_read_only']);
  await until([200, 'log_read_only'], '/healthz?for=reading');
  await redis.send('CONFIG', 'SET', 'maxmemory', '0');
  await until([200, 'ok']);
});

test('a stream of NATS that refuses more can be read', async (t) => {
  const nats = await startNats(t);
  const { hub, until } = await startHealth(t, natsLog({ url: nats.url }));
  await hub.publish('a', 'x'.repeat(10_000));
  await until([200, 'ok']);
  const connection = await connect({ servers: nats.url });
  t.after(() => connection.close());
  const { streams } = await jetstreamManager(connection);
  const { config, state } = await streams.info('fanwire');
  await streams.update('fanwire', {
    ...config,
    discard: 'new',
    max_bytes: state.bytes + 100,
  } as typeof config);
  await assert.rejects(hub.publish('a', 'x'.repeat(10_000)));
  await until([503, 'log_read_only']);
  await until([200, 'log_read_only'], '/healthz?for=reading');
  // Room for what is small only: the message that was refused is no reason any more once another could be stored.
  await streams.update('fanwire', {
    ...config,
    discard: 'new',
    max_bytes: state.bytes + 5_000,
  } as typeof config);
  await until([200, 'ok']);
});

test('a directory is well, and is not written to as a channel', async (t) => {
  const { hub, until } = await startHealth(t, lmdbLog({ directory: await makeFastDirectory(t) }));
  await until([200, 'ok']);
  const { id } = await hub.publish('a', 1);
  assert.match(id, /\.1$/);
});

test('an engine that hangs is told of long before its calls end, to whoever asks', async (t) => {
  const redis = await startRedis(t);
  t.after(() => redis.thaw());
  const { healthOf, until } = await startHealth(t, redisLog({ url: redis.url, timeoutMs: NEVER_MS }));
  redis.freeze();
  const answers = await Promise.all([healthOf(), healthOf(), healthOf('/healthz?for=reading')]);
  for (const answer of answers) assert.deepEqual(answer, [503, 'log_unavailable']);
  redis.thaw();
  await until([200, 'ok']);
});
