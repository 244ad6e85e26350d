import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHub } from '../../src/index.ts';
import { makeDirectory } from '../support/directory.ts';
import { startNats } from '../support/nats-server.ts';
import { startRedis } from '../support/redis-server.ts';

test('a program names its log as the command line does', async (t) => {
  for (const log of [(await startRedis(t)).url, (await startNats(t)).url, `lmdb:${await makeDirectory(t)}`]) {
    const hubs = [createHub({ log }), createHub({ log })];
    t.after(() => Promise.all(hubs.map((hub) => hub.close())));
    const received = hubs[1]!.subscribe('a', { after: 'start' });
    await hubs[0]!.publish('a', 'shared');
    assert.equal((await received.next()).value?.data, 'shared', log);
  }
});

test('a name that no log has is refused', () => {
  for (const log of ['redsi://127.0.0.1', 'redis:6379', '127.0.0.1:6379', ''])
    assert.throws(() => createHub({ log }), {
      name: 'TypeError',
      message: /^log: found .*lmdb:DIR, redis:\/\/HOST/,
    });
});
