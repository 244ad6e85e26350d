import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logAt, logUrlFault } from './log-url.ts';

for (const [url, name] of [
  ['memory', 'memory'],
  ['lmdb:data', 'lmdb'],
  ['lmdb:/var/lib/fanwire', 'lmdb'],
  ['redis://user:secret@127.0.0.1:6379/2', 'redis'],
  ['rediss://redis.example', 'redis'],
  ['nats://127.0.0.1:4222', 'nats'],
  ['tls://nats.example', 'nats'],
] as const) {
  test(`${url} is a log of ${name}`, () => {
    assert.equal(logUrlFault(url), undefined);
    assert.equal(logAt(url).capabilities.name, name);
  });
}

for (const [url, fault] of [
  ['', 'no log is called ""'],
  ['redsi://127.0.0.1', 'no log is called "redsi" (did you mean redis?)'],
  ['postgres://user:secret@127.0.0.1', 'no log is called "postgres"'],
  ['/var/lib/fanwire', 'no log is called ""'],
  ['memory:big', 'memory stands alone'],
  ['lmdb:', 'lmdb: needs a directory, as in lmdb:data'],
  ['lmdb', 'lmdb: needs a directory, as in lmdb:data'],
  ['redis:6379', 'redis needs a URL, as in redis://127.0.0.1'],
] as const) {
  test(`${JSON.stringify(url)} is told to be no log, without what may be secret in it`, () => {
    assert.equal(logUrlFault(url), fault);
  });
}
