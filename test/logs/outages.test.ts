import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { after, append, appendAll, dataOf, gapsOf, PLENTY } from '../../src/log/conformance/asking.ts';
import type { Follower, Log } from '../../src/log/log.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { FROM_NOW, FROM_START } from '../../src/protocol/start.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { startNats } from '../support/nats-server.ts';
import { startRedis } from '../support/redis-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { assertUnavailable, Listener, TIMEOUT_MS, untilAvailable } from './support.ts';

interface Server {
  readonly port: number;
  start(): Promise<void>;
  kill(): Promise<void>;
  wipe(): void;
  freeze(): void;
  thaw(): void;
}

interface Forgetful {
  readonly port: number;
  /** Restarts it without what was stored while the action ran. */
  forget(action: () => Promise<void>): Promise<void>;
}

interface Engine {
  readonly name: string;
  /** Starts one that keeps what it acknowledges. */
  start(t: TestContext): Promise<Server>;
  startForgetful(t: TestContext): Promise<Forgetful>;
  log(port: number): Log;
}

/** What any engine in a process of its own has to bear. What only one of them can suffer is in a file of its own. */
const ENGINES: readonly Engine[] = [
  {
    name: 'redis',
    start: (t) => startRedis(t, ['--appendonly', 'yes', '--appendfsync', 'always']),
    async startForgetful(t) {
      const redis = await startRedis(t);
      return {
        port: redis.port,
        async forget(action) {
          await redis.send('SAVE');
          await action();
          await redis.kill();
          await redis.start();
        },
      };
    },
    log: (port) => redisLog({ url: `redis://127.0.0.1:${port}`, timeoutMs: TIMEOUT_MS }),
  },
  {
    name: 'nats',
    start: (t) => startNats(t),
    async startForgetful(t) {
      const nats = await startNats(t);
      return {
        port: nats.port,
        async forget(action) {
          await nats.kill();
          const saved = nats.save();
          await nats.start();
          await action();
          await nats.kill();
          saved.restore();
          await nats.start();
        },
      };
    },
    log: (port) => natsLog({ url: `nats://127.0.0.1:${port}`, timeoutMs: TIMEOUT_MS }),
  },
];

async function openLog(t: TestContext, log: Log, follower: Follower = new Listener()): Promise<Log> {
  t.after(() => log.close());
  try {
    await log.open(follower, () => ({ count: 1000, ageMs: 86_400_000 }));
  } catch (error) {
    // An engine that is there may take its time on a busy machine.
    if (!/no answer within/.test(String((error as Error).cause))) throw error;
    await untilAvailable(() => log.read(['a'], FROM_NOW, PLENTY));
  }
  return log;
}

const reasonsOf = (page: Parameters<typeof gapsOf>[0]) => gapsOf(page).map(({ reason }) => reason);

for (const { name, start, startForgetful, log: logAt } of ENGINES) {
  test(`${name} killed and restarted with its data: nothing is lost, and keys are known as before`, async (t) => {
    const server = await start(t);
    const listener = new Listener();
    const log = await openLog(t, logAt(server.port), listener);
    const other = await openLog(t, logAt(server.port));
    await log.follow('a');
    const [first] = await appendAll(log, 'a', ['1']);
    const second = await append(log, 'a', '2', { key: 'two', aliases: ['older'] });
    await listener.until(() => listener.heard.length === 2);

    await server.kill();
    await assertUnavailable(() => append(log, 'a', 'lost'));
    await server.start();
    const third = await untilAvailable(() => append(other, 'a', '3', { key: 'three' }));
    assert.equal(third.position.epoch, first!.epoch);
    await listener.until(() => listener.interruptions > 0);
    const page = await untilAvailable(() => log.read(['a'], after(first!), PLENTY));
    assert.deepEqual([dataOf(page), gapsOf(page)], [['2', '3'], []]);
    for (const key of ['two', 'older']) {
      const retry = await untilAvailable(() => append(log, 'a', '2', { key }));
      assert.deepEqual([retry.duplicate, retry.position.sequence], [true, second.position.sequence]);
    }
    await append(other, 'a', '4');
    await listener.until(() =>
      listener.heard.some(({ payload }) => 'text' in payload && payload.text === '4'),
    );
  });

  test(`${name} restarted without its data: another epoch, and everybody is told to read again`, async (t) => {
    const server = await start(t);
    const listener = new Listener();
    const log = await openLog(t, logAt(server.port), listener);
    const [first] = await appendAll(log, 'a', ['gone']);
    await server.kill();
    server.wipe();
    await server.start();
    await listener.until(() => listener.interruptions > 0);
    const { position } = await untilAvailable(() => append(log, 'a', 'new', { key: 'new' }));
    assert.notEqual(position.epoch, first!.epoch);
    const page = await log.read(['a'], after(first!), PLENTY);
    assert.deepEqual([dataOf(page), reasonsOf(page)], [['new'], ['epoch']]);
  });

  test(`${name} restarted without its newest messages: who has seen them makes it another epoch`, async (t) => {
    const server = await startForgetful(t);
    const log = await openLog(t, logAt(server.port));
    const positions = await appendAll(log, 'a', ['kept']);
    await server.forget(async () => {
      positions.push(...(await untilAvailable(() => appendAll(log, 'a', ['lost']))));
    });
    const { position } = await untilAvailable(() => append(log, 'a', 'new', { key: 'new' }));
    assert.notEqual(position.epoch, positions[0]!.epoch);
    for (const from of positions) {
      const page = await log.read(['a'], after(from), PLENTY);
      assert.deepEqual([dataOf(page), reasonsOf(page)], [['kept', 'new'], ['epoch']]);
    }
  });

  test(`a stopped ${name}: calls fail in time, subscribers stay and get everything afterwards`, async (t) => {
    const server = await start(t);
    const { hub, url } = await startHub(t, { log: logAt(server.port), onError: () => {} });
    const received: unknown[] = [];
    let done = () => {};
    const all = new Promise<void>((resolve) => {
      done = resolve;
    });
    const subscription = hub.subscribe('a', {
      after: 'start',
      onMessage: ({ data }) => received.push(data) === 3 && done(),
    });
    await untilAvailable(() => hub.publish('a', 1, { idempotencyKey: 'one' }));
    server.freeze();
    await assertUnavailable(() => hub.publish('a', 2, { idempotencyKey: 'two' }));
    assert.equal((await send(`${url}/healthz`)).status, 503);
    server.thaw();
    await untilAvailable(() => hub.publish('a', 2, { idempotencyKey: 'two' }));
    await untilAvailable(() => hub.publish('a', 3, { idempotencyKey: 'three' }));
    await all;
    assert.deepEqual(received, [1, 2, 3]);
    // On a busy machine an answer may take longer than health waits.
    while ((await send(`${url}/healthz`)).status !== 200) await delay(20);
    subscription.close();
  });

  test(`calls that wait for a ${name} that does not answer are bounded`, async (t) => {
    const server = await start(t);
    const log = await openLog(t, logAt(server.port));
    server.freeze();
    const calls = Array.from({ length: 10_100 }, (_, index) => log.read([`${index}`], FROM_NOW, PLENTY));
    const settled = Promise.allSettled(calls);
    // Those beyond the bound are refused at once, not by the time limit.
    const first = await Promise.race(calls.map((call, index) => call.catch(() => index)));
    assert.equal(first, 10_000);
    for (const call of calls.slice(10_000)) await assert.rejects(call, { code: 'log_unavailable' });
    await settled;
    server.thaw();
    await untilAvailable(() => log.read(['a'], FROM_NOW, PLENTY));
  });

  test(`a ${name} that is not there yet: opening says so, and it is used once it comes`, async (t) => {
    const server = await start(t);
    await server.kill();
    const log = logAt(server.port);
    await assert.rejects(openLog(t, log), ({ cause }) => /refused/i.test(String(cause)));
    await assertUnavailable(() => append(log, 'a', '1'));
    await server.start();
    await untilAvailable(() => append(log, 'a', '1', { key: 'one' }));
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1']);
  });

  test(`a network to ${name} that takes bytes and brings none is noticed, on the live feed too`, async (t) => {
    const server = await start(t);
    const proxy = await startTcpProxy(t, server.port);
    const listener = new Listener();
    const log = await openLog(t, logAt(proxy.port), listener);
    const other = await openLog(t, logAt(server.port));
    await log.follow('a');
    proxy.partition();
    await append(other, 'a', 'unheard');
    await assertUnavailable(() => append(log, 'a', 'unsent'));
    proxy.heal();
    await listener.until(() => listener.interruptions > 0);
    const page = await untilAvailable(() => log.read(['a'], FROM_START, PLENTY));
    assert.deepEqual(dataOf(page), ['unheard']);
  });
}
