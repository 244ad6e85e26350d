import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { append, appendAll, gapsOf, PLENTY } from '../../src/log/conformance/asking.ts';
import { startNats } from '../support/nats-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { assertUnavailable, Listener, openNatsLog, untilAvailable } from './support.ts';

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

test('a message before which another is missing is not told of, but an interruption', async (t) => {
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
  connection.publish('fanwire.live.a', 'forged', { headers: forged });
  await listener.until(() => listener.interruptions === 1);
  await append(log, 'a', '2');
  await listener.until(() => listener.heard.length === 2);
  assert.deepEqual(
    listener.heard.map(({ payload }) => 'text' in payload && payload.text),
    ['1', '2'],
  );
});

test('a server that came back without its end and has given the numbers again begins another epoch', async (t) => {
  const nats = await startNats(t);
  const proxy = await startTcpProxy(t, nats.port);
  const listener = new Listener();
  const log = await openNatsLog(t, { url: `nats://127.0.0.1:${proxy.port}` }, listener);
  await append(log, 'a', 'kept');
  await nats.kill();
  const saved = nats.save();
  await nats.start();
  const { position: lost } = await untilAvailable(() => append(log, 'a', 'lost', { time: 1 }));
  proxy.partition();
  await nats.kill();
  saved.restore();
  // Somebody who knows nothing goes on with the same numbers before this node is back.
  const interruptions = listener.interruptions;
  await nats.start();
  const unaware = await openNatsLog(t, { url: nats.url });
  const again = await appendAll(unaware, 'a', ['1', '2', '3', '4']);
  proxy.heal();
  const { position } = await untilAvailable(() => append(log, 'a', 'new'));
  await listener.until(() => listener.interruptions > interruptions);
  const epochs = new Set([...again, position].map(({ epoch }) => epoch));
  assert.ok(
    [...epochs].some((epoch) => epoch !== lost.epoch),
    'the epoch changes',
  );
  const page = await log.read(['a'], { kind: 'after', position: lost }, PLENTY);
  assert.deepEqual(
    gapsOf(page).map(({ reason }) => reason),
    ['epoch'],
  );
});
