import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lmdbLog } from '../lmdb/index.ts';
import { memoryLog } from '../memory/memory-log.ts';
import { natsLog } from '../nats/index.ts';
import { redisLog } from '../redis/index.ts';

// As a program in JavaScript calls them.
const redis = redisLog as (options?: unknown) => unknown;
const nats = natsLog as (options?: unknown) => unknown;
const lmdb = lmdbLog as (options?: unknown) => unknown;
const memory = memoryLog as (options?: unknown) => unknown;

test('a log takes its URL or directory alone, or with what else it has', () => {
  for (const make of [
    () => redis(),
    () => redis('redis://user:secret@redis.example:6380/2'),
    () => redis({ url: 'rediss://redis.example', timeoutMs: 100, prefix: undefined }),
    () => nats('nats://a.example, nats://b.example:4223'),
    () => nats({ url: ['tls://a.example'], replicas: 3 }),
    () => lmdb('data'),
    () => memory({ maxBytes: Number.POSITIVE_INFINITY }),
  ]) {
    assert.doesNotThrow(make);
  }
});

test('what it can’t use it refuses, and does not repeat what may be secret', () => {
  for (const [make, message] of [
    [() => redis('localhost:6379'), /^redisLog: url takes a URL such as redis:\/\/127\.0\.0\.1$/],
    [() => redis('nats://user:secret@host'), /^redisLog: url takes a URL such as redis:[^s]*$/],
    [() => redis({ host: 'redis.example' }), /^redisLog has no option host: it takes url, client,/],
    [() => redis({ timeoutMs: '2000' }), /^redisLog: timeoutMs takes a number, 0 or more$/],
    [() => redis(6379), /^redisLog takes an object with url, client,/],
    [() => redis(null), /^redisLog takes an object/],
    [() => nats(['nats://a.example']), /^natsLog takes an object/],
    [() => nats('a.example:4222'), /^natsLog: url takes a URL such as nats:/],
    [() => nats({ replicas: 2 }), /^natsLog: replicas takes 1, 3 or 5$/],
    [() => lmdb({}), /^lmdbLog needs the option directory$/],
    [() => lmdb(), /^lmdbLog takes an object with directory,/],
    [() => lmdb({ dir: 'data' }), /^lmdbLog has no option dir:/],
    [() => memory('lmdb:data'), /^memoryLog takes an object/],
    [() => memory({ clock: 5 }), /^memoryLog: clock takes a function$/],
  ] as const) {
    assert.throws(make, { name: 'TypeError', message });
  }
});
