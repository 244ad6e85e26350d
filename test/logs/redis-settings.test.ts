import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@redis/client';
import { append, dataOf, PLENTY } from '../../src/log/conformance/asking.ts';
import { redisLog } from '../../src/log/redis/index.ts';
import { Keys } from '../../src/log/redis/keys.ts';
import { FanwireError } from '../../src/protocol/errors.ts';
import { FROM_START } from '../../src/protocol/start.ts';
import { openRedis, startRedis } from '../support/redis-server.ts';
import { assertUnavailable, Listener, openRedisLog, TIMEOUT_MS } from './support.ts';

/** The keys that a channel's history has in Redis. */
const HISTORY_OF_A = ['{fanwire}:history:a', '{fanwire}:sums:a'];

test('a URL carries user, password and database; a wrong password is said to be one', async (t) => {
  const redis = await startRedis(t, ['--requirepass', 'a b/c']);
  const address = `127.0.0.1:${redis.port}`;
  const log = await openRedisLog(t, { url: `redis://default:${encodeURIComponent('a b/c')}@${address}/5` });
  await append(log, 'a', '1');
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1']);
  await assert.rejects(openRedisLog(t, { url: `redis://:wrong@${address}` }), because(/WRONGPASS/));
});

test('logs in other databases or with other prefixes are strangers', async (t) => {
  const redis = await startRedis(t);
  const setups = [{}, { url: `${redis.url}/1` }, { prefix: 'other' }];
  const listeners = setups.map(() => new Listener());
  const logs = await Promise.all(
    setups.map((setup, index) => openRedisLog(t, { url: redis.url, ...setup }, listeners[index])),
  );
  for (const log of logs) await log.follow('a');
  for (const [index, log] of logs.entries()) await append(log, 'a', `${index}`);
  for (const [index, log] of logs.entries()) {
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), [`${index}`]);
    const listener = listeners[index]!;
    await listener.until(() => listener.heard.length > 0);
    assert.equal(listener.heard.length, 1);
    assert.equal(listener.interruptions, 0);
  }
});

for (const RESP of [2, 3] as const) {
  test(`a client of the program's own lends its settings and is left alone, RESP${RESP}`, async (t) => {
    const redis = await startRedis(t, ['--requirepass', 'secret']);
    const client = createClient({
      RESP,
      password: 'secret',
      socket: { host: '127.0.0.1', port: redis.port },
    });
    const listener = new Listener();
    const log = await openRedisLog(t, { client }, listener);
    await log.follow('a');
    await append(log, 'a', 'größer\u0000');
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['größer\u0000']);
    await listener.until(() => listener.heard.length === 1);
    assert.equal(client.isOpen, false);
  });
}

test('keys and channels expire by themselves once nothing in them counts any more', async (t) => {
  const redis = await startRedis(t);
  let now = Date.now();
  const log = await openRedisLog(t, { url: redis.url, keyTtlMs: 1000, clock: () => now });
  const assertExpire = async (keys: readonly string[]) => {
    for (const key of keys) assert.match(await redis.send('PTTL', key), /^:\d{4,}/, key);
  };
  await append(log, 'a', '1', { key: 'k' });
  await assertExpire([...HISTORY_OF_A, new Keys('fanwire', 0).idempotency('a', { name: 'k' })]);
  now += 2 * 86_400_000;
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), []);
  await append(log, 'a', '2', { time: now });
  await append(log, 'a', '3', { time: now });
  await assertExpire(HISTORY_OF_A);
});

test('a history that an earlier version wrote keeps to its bytes', async (t) => {
  const redis = await startRedis(t);
  const log = redisLog({ url: redis.url, timeoutMs: TIMEOUT_MS });
  t.after(() => log.close());
  await log.open(new Listener(), () => ({ count: 1000, ageMs: 86_400_000, bytes: 20 }));
  await append(log, 'a', '0123456789');
  await append(log, 'a', 'abcdefghi');
  await redis.send('DEL', '{fanwire}:sums:a');
  await append(log, 'a', '-');
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['0123456789', 'abcdefghi', '-']);
  await append(log, 'a', '-');
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['abcdefghi', '-', '-']);
});

test('the end of a history is put off as long as there are new messages', async (t) => {
  const redis = await startRedis(t);
  const log = await openRedisLog(t, { url: redis.url });
  await append(log, 'a', '1');
  for (const key of HISTORY_OF_A) await redis.send('PEXPIRE', key, '60000');
  await append(log, 'a', '2');
  for (const key of HISTORY_OF_A) {
    const endsInMs = Number((await redis.send('PTTL', key)).slice(1));
    assert.ok(endsInMs > 86_400_000, `${key} ends in ${endsInMs} ms`);
  }
});

test('what Redis refuses to store is announced to nobody, though its channel keeps nothing', async (t) => {
  const redis = await startRedis(t);
  const listener = new Listener();
  const log = redisLog({ url: redis.url, timeoutMs: TIMEOUT_MS });
  t.after(() => log.close());
  await log.open(listener, () => ({ count: 0, ageMs: 1000 }));
  await log.follow('a');
  await redis.send('CONFIG', 'SET', 'min-replicas-to-write', '1');
  await assert.rejects(append(log, 'a', 'refused'), FanwireError);
  await redis.send('CONFIG', 'SET', 'min-replicas-to-write', '0');
  await append(log, 'a', 'stored');
  await listener.until(() => listener.heard.length > 0);
  assert.deepEqual(
    listener.heard.map(({ payload }) => payload),
    [{ kind: 'text', text: 'stored' }],
  );
});

test('a Redis that refuses the connection is unavailable at once', async (t) => {
  const redis = await openRedis();
  await redis.kill();
  await assertUnavailable(() => openRedisLog(t, { url: redis.url }));
});

/** Clients are not told why: that is for the operator. */
function because(cause: RegExp): (error: Error) => boolean {
  return (error) => cause.test(String(error.cause)) && !cause.test(error.message);
}
