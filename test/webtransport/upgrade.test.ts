import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import {
  EAGER,
  inPage,
  keyPair,
  openClientPage,
  reopen,
  startSecureHub,
  untilAlone,
} from './support/chromium-client.ts';
import { noteEngines } from './support/engines.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('a client in Chromium goes to WebTransport once it is offered, and gets each message once and in order', {
  timeout: 90_000,
}, async (t) => {
  // All of it, however long the page takes to come.
  const { hub, url } = await startSecureHub(t, { channels: { '*': { retain: { count: 1_000_000 } } } });
  const page = await openClientPage(t, url);
  // Published without a pause, so that some are on their way over each of the two, and some between.
  let count = 0;
  let goesOn = true;
  const publishing = (async () => {
    while (goesOn) {
      await hub.publish('scores', ++count);
      await hub.publish('news', count);
      await pause(1);
    }
  })();
  await inPage(page, 'open', url, EAGER);
  const ready = Promise.all(['scores', 'news'].map((channel) => inPage(page, 'subscribe', channel, 'start')));
  await inPage(page, 'untilOver', 'webtransport');
  await ready;
  assert.deepEqual(
    [...hub.connections()]
      .map(({ transport }) => transport)
      .sort()
      .at(-1),
    'webtransport',
  );
  goesOn = false;
  await publishing;
  for (const channel of ['scores', 'news']) {
    assert.deepEqual(await inPage(page, 'untilCount', channel, count), upTo(count));
  }
  assert.deepEqual(await inPage(page, 'told'), []);
});

test('over WebTransport it publishes, is cut, and resumes where it was', { timeout: 90_000 }, async (t) => {
  const log = memoryLog();
  const tls = keyPair();
  const first = await startSecureHub(t, { log }, { tls });
  const page = await openClientPage(t, first.url);
  await inPage(page, 'open', first.url, EAGER);
  await inPage(page, 'subscribe', 'scores');
  const { since } = await inPage(page, 'untilOver', 'webtransport');
  await inPage(page, 'publish', 'scores', 1);
  await inPage(page, 'untilCount', 'scores', 1);

  await t.test('by the hub, which ends its session', async () => {
    assert.equal(
      first.hub.disconnect(({ transport }) => transport === 'webtransport'),
      1,
    );
    await first.hub.publish('scores', 2);
    await inPage(page, 'untilCount', 'scores', 2);
    await inPage(page, 'publish', 'scores', 3);
    assert.deepEqual(await inPage(page, 'untilCount', 'scores', 3), [1, 2, 3]);
    await inPage(page, 'untilOver', 'webtransport', since);
  });

  await t.test('as the hub is restarted with its log', async () => {
    await first.hub.close({ drainMs: 0 });
    const { hub } = await startSecureHub(t, { log }, { tls, port: first.port });
    await hub.publish('scores', 4);
    assert.deepEqual(await inPage(page, 'untilCount', 'scores', 4), [1, 2, 3, 4]);
    await inPage(page, 'untilOver', 'webtransport');
    await inPage(page, 'publish', 'scores', 5);
    assert.deepEqual(await inPage(page, 'untilCount', 'scores', 5), [1, 2, 3, 4, 5]);
    assert.deepEqual(await inPage(page, 'told'), []);
  });
});

test('it is cut as the hub’s engine fails, and comes back to the next one', {
  timeout: 90_000,
}, async (t) => {
  const engines = await noteEngines(t);
  const faults: unknown[] = [];
  const { hub, url } = await startSecureHub(t, {
    heartbeatMs: 1_000,
    onError: (fault) => faults.push(fault),
  });
  const page = await openClientPage(t, url);
  await inPage(page, 'open', url, EAGER);
  await inPage(page, 'subscribe', 'scores');
  const { since } = await inPage(page, 'untilOver', 'webtransport');
  await engines[0]!.kill();
  await hub.publish('scores', 1);
  await inPage(page, 'untilCount', 'scores', 1);
  await inPage(page, 'untilOver', 'webtransport', since);
  await inPage(page, 'publish', 'scores', 2);
  assert.deepEqual(await inPage(page, 'untilCount', 'scores', 2), [1, 2]);
  assert.ok(faults.length > 0, 'the hub tells of it');
  await untilAlone(hub);
  assert.deepEqual(
    hub.connections().map(({ transport }) => transport),
    ['webtransport'],
  );
});

test('a client that closes has left at once', { timeout: 90_000 }, async (t) => {
  // So long stays who goes without a goodbye.
  const { hub, url } = await startSecureHub(t, { presenceLingerMs: 3_600_000 });
  const page = await openClientPage(t, url);
  await inPage(page, 'open', url, EAGER);
  await inPage(page, 'subscribe', 'room', undefined, { name: 'Ada' });
  await inPage(page, 'untilOver', 'webtransport');
  assert.equal((await hub.presence('room')).length, 1);
  const news = hub.subscribe('room:presence');
  await inPage(page, 'close');
  const { value } = await news.next();
  assert.equal(value?.type, 'leave');
  news.close();
});

test('the next page of a client begins with WebTransport, and with what the hub offered for it', {
  timeout: 90_000,
}, async (t) => {
  const { hub, url } = await startSecureHub(t);
  const { transports: _, ...options } = EAGER;
  const page = await openClientPage(t, url);
  await inPage(page, 'open', url, options);
  await inPage(page, 'untilOver', 'webtransport');
  const seen: string[] = [];
  await reopen(page, url);
  // What it begins with has all the time it needs before the next is tried beside it.
  await inPage(page, 'open', url, { ...options, staggerMs: 60_000 });
  const status = await inPage(page, 'untilState', 'connected');
  seen.push(...hub.connections().map(({ transport }) => transport));
  assert.equal(status.state === 'connected' && status.transport, 'webtransport');
  assert.deepEqual([status.failures, seen.at(-1)], [[], 'webtransport']);
});

test('a next page whose hub has another certificate by now takes another transport, and comes back', {
  timeout: 90_000,
}, async (t) => {
  const first = await startSecureHub(t);
  const { transports: _, ...options } = EAGER;
  const page = await openClientPage(t, first.url);
  await inPage(page, 'open', first.url, options);
  await inPage(page, 'untilOver', 'webtransport');
  await first.hub.close({ drainMs: 0 });
  await startSecureHub(t, {}, { port: first.port });
  await reopen(page, first.url);
  await inPage(page, 'open', first.url, options);
  await inPage(page, 'untilState', 'connected');
  await inPage(page, 'untilOver', 'webtransport');
});
