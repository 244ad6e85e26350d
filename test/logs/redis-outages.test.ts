import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { after, append, appendAll, dataOf, gapsOf, PLENTY } from '../../src/log/conformance/asking.ts';
import { FROM_NOW, FROM_START } from '../../src/protocol/start.ts';
import { startRedis } from '../support/redis-server.ts';
import { assertUnavailable, Listener, openRedisLog, TIMEOUT_MS, untilAvailable } from './support.ts';

test('the numbers of lost messages are never given again, though no node remembers them', async (t) => {
  const redis = await startRedis(t);
  const before = await openRedisLog(t, { url: redis.url });
  const [kept] = await appendAll(before, 'a', ['kept']);
  await redis.send('SAVE');
  const [lost] = await appendAll(before, 'a', ['lost']);
  await before.close();
  await redis.kill();
  await redis.start();

  const log = await openRedisLog(t, { url: redis.url });
  const [next] = await appendAll(log, 'a', ['new', 'newer']);
  assert.equal(next!.epoch, kept!.epoch);
  assert.ok(next!.sequence > lost!.sequence);
  const resumed = await log.read(['a'], after(kept!), PLENTY);
  assert.deepEqual([dataOf(resumed), gapsOf(resumed)], [['new', 'newer'], []]);
  // Whoever has what the log has not is told so.
  const ahead = await log.read(['a'], after(lost!), PLENTY);
  assert.deepEqual(
    gapsOf(ahead).map(({ reason }) => reason),
    ['epoch'],
  );
  assert.deepEqual(dataOf(ahead), ['kept', 'new', 'newer']);
  // The place just before the first message after it is one that a client may hold.
  const just = { epoch: next!.epoch, sequence: next!.sequence - 1 };
  assert.deepEqual(gapsOf(await log.read(['a'], after(just), PLENTY)), []);
});

test('CLIENT PAUSE: calls fail in time, and succeed again', async (t) => {
  const redis = await startRedis(t);
  const log = await openRedisLog(t, { url: redis.url });
  await append(log, 'a', '1');
  await redis.send('CLIENT', 'PAUSE', `${TIMEOUT_MS * 5}`, 'ALL');
  await assertUnavailable(() => append(log, 'a', '2', { key: 'two' }));
  await assertUnavailable(() => log.read(['a'], FROM_NOW, PLENTY));
  await assertUnavailable(() => log.follow('b'));
  await untilAvailable(() => append(log, 'a', '2', { key: 'two' }));
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1', '2']);
});

test('Redis out of memory: publishes are refused, reading goes on', async (t) => {
  const redis = await startRedis(t);
  const log = await openRedisLog(t, { url: redis.url });
  await append(log, 'a', '1');
  await redis.send('CONFIG', 'SET', 'maxmemory', '1');
  await assertUnavailable(() => append(log, 'a', '2'));
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1']);
  await redis.send('CONFIG', 'SET', 'maxmemory', '0');
  await append(log, 'a', '3');
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1', '3']);
});

test('a Redis that has become a replica: publishes are refused until it is a master again', async (t) => {
  const redis = await startRedis(t);
  const log = await openRedisLog(t, { url: redis.url });
  await append(log, 'a', '1');
  await redis.send('REPLICAOF', '127.0.0.1', '1');
  await assertUnavailable(() => append(log, 'a', '2'));
  await redis.send('REPLICAOF', 'NO', 'ONE');
  await untilAvailable(() => append(log, 'a', '3'));
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1', '3']);
});

test('a failover to a replica: appends go on in the same epoch, above all that were given', async (t) => {
  const master = await startRedis(t, ['--repl-diskless-sync-delay', '0']);
  const replica = await startRedis(t, [
    '--replicaof',
    `127.0.0.1 ${master.port}`,
    '--repl-diskless-sync-delay',
    '0',
  ]);
  const log = await openRedisLog(t, { url: master.url });
  const [first] = await appendAll(log, 'a', ['1']);
  while (!(await replica.send('XLEN', '{fanwire}:history:a')).startsWith(':1')) await turn();
  await master.kill();
  await replica.send('REPLICAOF', 'NO', 'ONE');
  const after = await openRedisLog(t, { url: replica.url });
  const [second] = await appendAll(after, 'a', ['2']);
  assert.equal(second!.epoch, first!.epoch);
  assert.ok(second!.sequence > first!.sequence);
  assert.deepEqual(dataOf(await after.read(['a'], FROM_START, PLENTY)), ['1', '2']);
});

test('a live feed that Redis cuts off is interrupted and goes on', async (t) => {
  const redis = await startRedis(t);
  const listener = new Listener();
  const log = await openRedisLog(t, { url: redis.url }, listener);
  for (let index = 0; index < 1500; index++) await log.follow(`channel-${index}`);
  await redis.send('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await listener.until(() => listener.interruptions > 0);
  for (const channel of ['channel-0', 'channel-1499']) await append(log, channel, channel);
  await listener.until(() => listener.heard.length === 2);
});

test('an announcement that names a predecessor which did not come is an interruption', async (t) => {
  const redis = await startRedis(t);
  const listener = new Listener();
  const log = await openRedisLog(t, { url: redis.url }, listener);
  await log.follow('a');
  const { position } = await append(log, 'a', '1');
  await listener.until(() => listener.heard.length === 1);
  assert.equal(listener.interruptions, 0);
  const announcement = `${position.epoch} ${position.sequence + 2} ${position.sequence + 1} 0\nt\nx`;
  await redis.send('PUBLISH', '{fanwire}:0:a', announcement);
  await listener.until(() => listener.heard.length === 2);
  assert.equal(listener.interruptions, 1);
});

test('a Redis that somebody empties begins another epoch, and scripts that somebody flushes are loaded again', async (t) => {
  const redis = await startRedis(t);
  const listener = new Listener();
  const log = await openRedisLog(t, { url: redis.url }, listener);
  const [first] = await appendAll(log, 'a', ['1']);
  await redis.send('SCRIPT', 'FLUSH');
  const { position: second } = await untilAvailable(() => append(log, 'a', '2'));
  assert.equal(second.epoch, first!.epoch);
  assert.equal(listener.interruptions, 0);
  await redis.send('FLUSHALL');
  const { position: third } = await untilAvailable(() => append(log, 'a', '3'));
  assert.notEqual(third.epoch, first!.epoch);
  assert.equal(listener.interruptions, 1);
});
