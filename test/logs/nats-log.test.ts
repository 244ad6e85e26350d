import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import {
  after,
  append,
  appendAll,
  dataOf,
  gapsOf,
  PLENTY,
  placeOf,
} from '../../src/log/conformance/asking.ts';
import { natsLog } from '../../src/log/nats/index.ts';
import { FanwireError } from '../../src/protocol/errors.ts';
import { FROM_NOW, FROM_START } from '../../src/protocol/start.ts';
import { freePort } from '../support/free-port.ts';
import { startNats } from '../support/nats-server.ts';
import { PATIENT_MS } from '../support/patience.ts';
import { Listener, openNatsLog } from './support.ts';

const NAMED = /authorization violation/i;

/** What it is refused with; nothing where it is not. */
function refusalOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(() => '', String);
}

async function managerAt(t: TestContext, url: string): Promise<JetStreamManager> {
  const connection = await connect({ servers: url });
  t.after(() => connection.close());
  return jetstreamManager(connection);
}

test('a user and a password, or a token, stand in the URL; refused ones are named as the cause', async (t) => {
  const user = await startNats(t, {
    config: 'authorization { user: "me", password: "p@ss" }',
    connect: { user: 'me', pass: 'p@ss' },
  });
  const log = await openNatsLog(t, { url: `nats://me:p%40ss@127.0.0.1:${user.port}` });
  await append(log, 'a', '1');

  const token = await startNats(t, {
    config: 'authorization { token: "secret" }',
    connect: { token: 'secret' },
  });
  await append(await openNatsLog(t, { url: `nats://secret@127.0.0.1:${token.port}` }), 'a', '1');

  const refused = natsLog({ url: `nats://wrong@127.0.0.1:${token.port}`, timeoutMs: 300 });
  t.after(() => refused.close());
  let said = await refusalOf(refused.open(new Listener(), () => ({ count: 1, ageMs: 1 })));
  // A server that takes longer to refuse than that says so later.
  for (let tries = 0; tries < 50 && !NAMED.test(said); tries++) {
    said = await refusalOf(refused.read(['a'], FROM_NOW, PLENTY));
  }
  assert.match(said, NAMED);
});

test('a user who may not publish to a channel is told so, and may listen to no more than it has to', async (t) => {
  const permissions = `{
    publish: { allow: ["$JS.API.>", "fanwire.message.>"], deny: "fanwire.message.closed" }
    subscribe: ["_MINE.>", "fanwire.live.>"]
  }`;
  const { url } = await startNats(t, {
    config: `authorization { users: [
      { user: "me", password: "secret", permissions: ${permissions} },
      { user: "all", password: "all" }
    ] }`,
    connect: { user: 'all', pass: 'all' },
  });
  const connect = { user: 'me', pass: 'secret', inboxPrefix: '_MINE' };
  const log = await openNatsLog(t, { url, connect, timeoutMs: PATIENT_MS });
  await append(log, 'open', '1');
  await Promise.all(
    [1, 2].map((value) => assert.rejects(append(log, 'closed', `${value}`), /permissions violation/i)),
  );
  await append(log, 'open', '2');
});

test('of several servers one has to be there', async (t) => {
  const nats = await startNats(t);
  const log = await openNatsLog(t, { url: `nats://127.0.0.1:${await freePort()},${nats.url}` });
  await append(log, 'a', '1');
});

test('a connection of the program’s own is used, and stays open', async (t) => {
  const nats = await startNats(t);
  const connection = await connect({ servers: nats.url });
  t.after(() => connection.close());
  const log = natsLog({ connection });
  await log.open(new Listener(), () => ({ count: 1, ageMs: 1e9 }));
  await append(log, 'a', '1');
  await log.close();
  assert.equal(connection.isClosed(), false);
  await connection.flush();
});

test('a message of 1 MiB passes; what the server would not take is refused with its limit', async (t) => {
  const nats = await startNats(t);
  const listener = new Listener();
  const log = await openNatsLog(t, { url: nats.url, timeoutMs: 5000 }, listener);
  await log.follow('a');
  const large = 'x'.repeat(1024 * 1024);
  await append(log, 'a', large);
  await listener.until(() => listener.heard.length === 1);
  assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), [large]);
  await assert.rejects(append(log, 'a', large + large), (error) => {
    return (
      error instanceof FanwireError && error.code === 'message_too_large' && /max_payload/.test(error.message)
    );
  });
});

test('a key is forgotten after its time, by the clock of the server', async (t) => {
  const nats = await startNats(t);
  const log = await openNatsLog(t, { url: nats.url, keyTtlMs: 200, timeoutMs: 2000 });
  const first = await append(log, 'a', 'x', { key: 'k' });
  let again = await append(log, 'a', 'x', { key: 'k' });
  assert.deepEqual([again.duplicate, placeOf(again.position)], [true, placeOf(first.position)]);
  while (again.duplicate) again = await append(log, 'a', 'x', { key: 'k' });
  assert.ok(again.position.sequence > first.position.sequence);
});

test('the stream is trimmed to about what its channels retain', async (t) => {
  const nats = await startNats(t);
  // Two thousand at once take a while on a busy machine.
  const log = natsLog({ url: nats.url, timeoutMs: 30_000 });
  t.after(() => log.close());
  await log.open(new Listener(), (channel) => ({ count: channel === 'none' ? 0 : 400, ageMs: 1e9 }));
  for (const channel of ['none', 'some']) {
    await Promise.all(Array.from({ length: 2000 }, (_, index) => append(log, channel, `${index}`)));
  }
  const manager = await managerAt(t, nats.url);
  const held = async (channel: string) => {
    const filter = { subjects_filter: `fanwire.message.${channel}` };
    const { state } = await manager.streams.info('fanwire', filter);
    return state.subjects![filter.subjects_filter]!;
  };
  assert.ok((await held('none')) <= 130);
  const some = await held('some');
  assert.ok(some >= 401 && some <= 530, `${some}`);
});

test('what the server drops by itself is announced as expired', async (t) => {
  const nats = await startNats(t);
  const log = await openNatsLog(t, { url: nats.url });
  const { position: start } = await log.read(['quiet'], FROM_NOW, PLENTY);
  const [first] = await appendAll(log, 'a', ['1', '2', '3']);
  const manager = await managerAt(t, nats.url);
  // As age does, from the front on: milestones, too.
  await manager.streams.purge('fanwire', { seq: first!.sequence + 2 });
  const page = await log.read(['a'], after(start), PLENTY);
  assert.deepEqual(dataOf(page), ['3']);
  assert.deepEqual(gapsOf(page), [
    {
      channel: 'a',
      from: placeOf(start),
      to: { epoch: first!.epoch, sequence: first!.sequence + 1 },
      reason: 'expired',
    },
  ]);
  const [gap] = gapsOf(await log.read(['quiet'], after(start), PLENTY));
  assert.equal(gap?.reason, 'expired', 'it may have lost some, too');
});

test('where an operator’s limit has dropped the first milestone, only what lies before the rest of the stream is announced', async (t) => {
  const nats = await startNats(t);
  const log = await openNatsLog(t, { url: nats.url });
  const [, second] = await appendAll(log, 'a', ['1', '2']);
  await appendAll(log, 'other', ['x', 'y']);
  await append(log, 'a', '3');
  const { streams } = await managerAt(t, nats.url);
  await streams.purge('fanwire', { filter: 'fanwire.message.=milestone' });
  // As nodes do: a stream that refuses messages is asked whether it takes a milestone.
  const connection = await connect({ servers: nats.url });
  t.after(() => connection.close());
  connection.publish('fanwire.message.=milestone');
  await connection.flush();
  const page = await log.read(['a'], after(second!), PLENTY);
  assert.deepEqual([dataOf(page), gapsOf(page)], [['3'], []]);
});

test('the stream keeps messages for as long as the longest retention, and what an operator has set besides', async (t) => {
  const nats = await startNats(t);
  const manager = await managerAt(t, nats.url);
  // What it can't be given later, before NATS 2.10.
  const republish = { src: 'mine.message.>', dest: 'mine.live.>' };
  await manager.streams.add({
    name: 'mine',
    subjects: ['mine.message.*', 'mine.other'],
    max_bytes: 1e6,
    max_age: 1e6 * 86_400_000,
    republish,
  });
  const log = natsLog({ url: nats.url, stream: 'mine' });
  t.after(() => log.close());
  const days = (count: number) => count * 86_400_000;
  await log.open(new Listener(), (channel) => ({ count: 1, ageMs: channel === 'long' ? days(30) : days(2) }));
  const ageOf = async () => (await manager.streams.info('mine')).config.max_age / 1e6;
  await append(log, 'short', '1');
  assert.equal(await ageOf(), days(2));
  await append(log, 'long', '1');
  await append(log, 'short', '2');
  assert.equal(await ageOf(), days(30));
  const { config } = await manager.streams.info('mine');
  assert.equal(config.max_bytes, 1e6);
  assert.ok(config.subjects.includes('mine.other'));
});
