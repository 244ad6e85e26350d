import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { after, append, appendAll, dataOf, gapsOf, PLENTY } from '../../conformance/log/support.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { FROM_NOW, FROM_START } from '../../src/protocol/start.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { startNats } from '../support/nats-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { assertUnavailable, Listener, openNatsLog, untilAvailable } from './support.ts';

test('NATS killed and restarted with its data: nothing is lost, and keys are known as before', async (t) => {
  const nats = await startNats(t);
  const listener = new Listener();
  const log = await openNatsLog(t, { url: nats.url }, listener);
  const other = await openNatsLog(t, { url: nats.url });
  await log.follow('a');
  const [first] = await appendAll(log, 'a', ['1']);
  const second = await append(log, 'a', '2', { key: 'two', aliases: ['older'] });
  await listener.until(() => listener.heard.length === 2);

  await nats.kill();
  await assertUnavailable(() => append(log, 'a', 'lost'));
  await nats.start();
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
  await listener.until(() => listener.heard.some(({ payload }) => 'text' in payload && payload.text === '4'));
});

test('NATS restarted without its data: another epoch, and everybody is told to read again', async (t) => {
  const nats = await startNats(t);
  const listener = new Listener();
  const log = await openNatsLog(t, { url: nats.url }, listener);
  const [first] = await appendAll(log, 'a', ['gone']);
  await nats.kill();
  nats.wipe();
  await nats.start();
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

test('NATS restarted without its newest messages: who has seen them makes it another epoch', async (t) => {
  const nats = await startNats(t);
  const log = await openNatsLog(t, { url: nats.url });
  const [kept] = await appendAll(log, 'a', ['kept']);
  await nats.kill();
  const saved = nats.save();
  await nats.start();
  const [lost] = await untilAvailable(() => appendAll(log, 'a', ['lost']));
  await nats.kill();
  saved.restore();
  await nats.start();
  const { position } = await untilAvailable(() => append(log, 'a', 'new'));
  assert.notEqual(position.epoch, kept!.epoch);
  const page = await log.read(['a'], after(lost!), PLENTY);
  assert.deepEqual(dataOf(page), ['kept', 'new']);
  assert.deepEqual(
    gapsOf(page).map(({ reason }) => reason),
    ['epoch'],
  );
});

test('a stream that somebody deletes is created anew, in another epoch that all nodes learn of', async (t) => {
  const nats = await startNats(t);
  const listener = new Listener();
  const log = await openNatsLog(t, { url: nats.url }, listener);
  const unaware = await openNatsLog(t, { url: nats.url });
  const [first] = await appendAll(unaware, 'a', ['gone', 'gone', 'gone', 'gone']);
  const connection = await connect({ servers: nats.url });
  t.after(() => connection.close());
  await (await jetstreamManager(connection)).streams.delete('fanwire');
  await assertUnavailable(() => append(log, 'a', 'refused'));
  await listener.until(() => listener.interruptions > 0);
  const { position } = await untilAvailable(() => append(log, 'a', 'new'));
  assert.notEqual(position.epoch, first!.epoch);
  assert.equal((await append(unaware, 'a', 'newer')).position.epoch, position.epoch);
});

test('a stopped NATS: calls fail in time, subscribers stay and get everything afterwards', async (t) => {
  const nats = await startNats(t);
  const log = await openNatsLog(t, { url: nats.url });
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
  nats.freeze();
  await assertUnavailable(() => hub.publish('a', 2, { idempotencyKey: 'two' }));
  assert.equal((await send(`${url}/healthz`)).status, 503);
  nats.thaw();
  await untilAvailable(() => hub.publish('a', 2, { idempotencyKey: 'two' }));
  await untilAvailable(() => hub.publish('a', 3));
  await all;
  assert.deepEqual(received, [1, 2, 3]);
  assert.equal((await send(`${url}/healthz`)).status, 200);
  subscription.close();
});

test('calls that wait for a NATS that does not answer are bounded', async (t) => {
  const nats = await startNats(t);
  const log = await openNatsLog(t, { url: nats.url });
  nats.freeze();
  const calls = Array.from({ length: 10_100 }, () => log.read(['a'], FROM_NOW, PLENTY));
  const settled = Promise.allSettled(calls);
  for (const call of calls.slice(10_000)) await assert.rejects(call, /10000 calls wait/);
  await settled;
  nats.thaw();
  await untilAvailable(() => log.read(['a'], FROM_NOW, PLENTY));
});

test('NATS that is not there yet: opening says so, and it is used once it comes', async (t) => {
  const port = await freePort();
  const log = natsLog({ url: `nats://127.0.0.1:${port}`, timeoutMs: 300 });
  t.after(() => log.close());
  await assert.rejects(
    log.open(new Listener(), () => ({ count: 10, ageMs: 1e9 })),
    /NATS: connection refused/i,
  );
  await assertUnavailable(() => append(log, 'a', '1'));
  await startNats(t, { port });
  await untilAvailable(() => append(log, 'a', '1'));
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1']);
});

test('a network that takes bytes and brings none is noticed, on the live feed too', async (t) => {
  const nats = await startNats(t);
  const proxy = await startTcpProxy(t, nats.port);
  const listener = new Listener();
  const log = await openNatsLog(t, { url: `nats://127.0.0.1:${proxy.port}` }, listener);
  const other = await openNatsLog(t, { url: nats.url });
  await log.follow('a');
  proxy.partition();
  await append(other, 'a', 'unheard');
  await assertUnavailable(() => append(log, 'a', 'unsent'));
  proxy.heal();
  await listener.until(() => listener.interruptions > 0);
  const page = await untilAvailable(() => log.read(['a'], FROM_START, PLENTY));
  assert.deepEqual(dataOf(page), ['unheard']);
});

test('a message that names a predecessor which did not come is not told of, but an interruption', async (t) => {
  const nats = await startNats(t);
  const listener = new Listener();
  const log = await openNatsLog(t, { url: nats.url }, listener);
  await log.follow('a');
  const { position } = await append(log, 'a', '1');
  await listener.until(() => listener.heard.length === 1);
  const connection = await connect({ servers: nats.url });
  t.after(() => connection.close());
  const forged = headers();
  forged.set('Fanwire', 'text 1');
  forged.set('Nats-Sequence', `${position.sequence + 2}`);
  forged.set('Nats-Last-Sequence', `${position.sequence + 1}`);
  connection.publish('fanwire.live.a', 'forged', { headers: forged });
  await listener.until(() => listener.interruptions === 1);
  await append(log, 'a', '2');
  await listener.until(() => listener.heard.length === 2);
  assert.deepEqual(
    listener.heard.map(({ payload }) => 'text' in payload && payload.text),
    ['1', '2'],
  );
});
