import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { after, append, appendAll, dataOf, gapsOf, PLENTY } from '../../conformance/log/support.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { FROM_NOW, FROM_START } from '../../src/protocol/start.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { startRedis } from '../support/redis-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { assertUnavailable, Listener, openRedisLog, TIMEOUT_MS, untilAvailable } from './support.ts';

const LASTING = ['--appendonly', 'yes'];

test('Redis restarted with its data: the epoch stays, and what was appended meanwhile is read', async (t) => {
  const redis = await startRedis(t, LASTING);
  const listener = new Listener();
  const log = await openRedisLog(t, { url: redis.url }, listener);
  const other = await openRedisLog(t, { url: redis.url });
  await log.follow('a');
  const [, second] = await appendAll(log, 'a', ['1', '2']);
  await listener.until(() => listener.heard.length === 2);

  await redis.kill();
  await assertUnavailable(() => append(log, 'a', 'lost'));
  await redis.start();
  const { position } = await untilAvailable(() => append(other, 'a', '3', { key: 'k' }));
  assert.equal(position.epoch, second!.epoch);
  await listener.until(() => listener.interruptions > 0);
  const page = await untilAvailable(() => log.read(['a'], after(second!), PLENTY));
  assert.deepEqual([dataOf(page), gapsOf(page)], [['3'], []]);
  await append(other, 'a', '4');
  await listener.until(() => listener.heard.some(({ payload }) => 'text' in payload && payload.text === '4'));
});

test('Redis restarted without its data: another epoch, and everybody is told to read again', async (t) => {
  const redis = await startRedis(t);
  const listener = new Listener();
  const log = await openRedisLog(t, { url: redis.url }, listener);
  const [first] = await appendAll(log, 'a', ['gone']);
  await redis.kill();
  await redis.start();
  await listener.until(() => listener.interruptions > 0);
  const { position } = await untilAvailable(() => append(log, 'a', 'new'));
  assert.notEqual(position.epoch, first!.epoch);
  const page = await log.read(['a'], after(first!), PLENTY);
  assert.deepEqual(dataOf(page), ['new']);
  assert.deepEqual(
    gapsOf(page).map(({ reason }) => reason),
    ['epoch'],
  );
});

test('Redis restarted without its newest messages: who has seen them makes it another epoch', async (t) => {
  const redis = await startRedis(t);
  const log = await openRedisLog(t, { url: redis.url });
  const [kept] = await appendAll(log, 'a', ['kept']);
  await redis.send('SAVE');
  const [lost] = await appendAll(log, 'a', ['lost']);
  await redis.kill();
  await redis.start();
  const { position } = await untilAvailable(() => append(log, 'a', 'new'));
  assert.notEqual(position.epoch, kept!.epoch);
  for (const from of [kept!, lost!]) {
    const page = await log.read(['a'], after(from), PLENTY);
    assert.deepEqual(
      gapsOf(page).map(({ reason }) => reason),
      ['epoch'],
    );
    assert.deepEqual(dataOf(page), ['kept', 'new']);
  }
});

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
  await redis.send('CLIENT', 'PAUSE', '1500', 'ALL');
  await assertUnavailable(() => append(log, 'a', '2', { key: 'two' }));
  await assertUnavailable(() => log.read(['a'], FROM_NOW, PLENTY));
  await assertUnavailable(() => log.follow('b'));
  await untilAvailable(() => append(log, 'a', '2', { key: 'two' }));
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1', '2']);
});

test('a stopped Redis: calls fail in time, subscribers stay and get everything afterwards', async (t) => {
  const redis = await startRedis(t);
  const log = redisLog({ url: redis.url, timeoutMs: TIMEOUT_MS });
  const { hub, url } = await startHub(t, { log, onError: () => {} });
  const received: unknown[] = [];
  let done = () => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const subscription = hub.subscribe('a', {
    after: 'start',
    onMessage: ({ data }) => received.push(data) === 3 && done(),
  });
  await untilAvailable(() => hub.publish('a', 1));
  redis.freeze();
  await assertUnavailable(() => hub.publish('a', 2, { idempotencyKey: 'two' }));
  assert.equal((await send(`${url}/healthz`)).status, 503);
  redis.thaw();
  await untilAvailable(() => hub.publish('a', 2, { idempotencyKey: 'two' }));
  await untilAvailable(() => hub.publish('a', 3));
  await all;
  assert.deepEqual(received, [1, 2, 3]);
  assert.equal((await send(`${url}/healthz`)).status, 200);
  subscription.close();
});

test('calls that wait for a Redis that does not answer are bounded', async (t) => {
  const redis = await startRedis(t);
  const log = await openRedisLog(t, { url: redis.url, timeoutMs: 3000 });
  redis.freeze();
  const calls = Array.from({ length: 10_100 }, (_, index) => log.read([`${index}`], FROM_NOW, PLENTY));
  const settled = Promise.allSettled(calls);
  const refused = calls.slice(10_000);
  // Those beyond the bound are refused at once, not by the time limit.
  for (const call of refused) await assert.rejects(call, { code: 'log_unavailable' });
  redis.thaw();
  assert.equal((await settled).filter(({ status }) => status === 'fulfilled').length, 10_000);
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

test('Redis that is not there yet: opening says so, and it is used once it comes', async (t) => {
  const redis = await startRedis(t);
  await redis.stop();
  const listener = new Listener();
  let failure: Error | undefined;
  const log = redisLog({ url: redis.url, timeoutMs: TIMEOUT_MS });
  t.after(() => log.close());
  await log
    .open(listener, () => ({ count: 10, ageMs: 1e9 }))
    .catch((error) => {
      failure = error;
    });
  assert.match(String(failure?.cause), /ECONNREFUSED/);
  await assertUnavailable(() => append(log, 'a', '1'));
  await redis.start();
  await untilAvailable(() => append(log, 'a', '1'));
});

test('a network that takes bytes and brings none is noticed, on the live feed too', async (t) => {
  const redis = await startRedis(t);
  const proxy = await startTcpProxy(t, redis.port);
  const listener = new Listener();
  const log = await openRedisLog(t, { url: `redis://127.0.0.1:${proxy.port}` }, listener);
  const other = await openRedisLog(t, { url: redis.url });
  await log.follow('a');
  proxy.partition();
  await append(other, 'a', 'unheard');
  await assertUnavailable(() => append(log, 'a', 'unsent'));
  proxy.heal();
  await listener.until(() => listener.interruptions > 0);
  const page = await untilAvailable(() => log.read(['a'], FROM_START, PLENTY));
  assert.deepEqual(dataOf(page), ['unheard']);
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
