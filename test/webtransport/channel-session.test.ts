import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_NOW } from '../../src/protocol/start.ts';
import { serveChannelSession } from '../../src/transports/webtransport/channel.ts';
import { offerSession } from './support/scripted-session.ts';

const RELIABLE = new URLSearchParams();

async function start(
  t: Parameters<typeof offerSession>[0],
  ...more: Parameters<typeof offerSession> extends [unknown, ...infer More] ? More : never
) {
  const offered = offerSession(t, ...more);
  await serveChannelSession(offered.offer, ['a'], FROM_NOW, RELIABLE);
  await offered.runtime.pass(0);
  const data = () =>
    (offered.session.opened[0]!.lines as { data?: unknown }[])
      .filter((line) => 'data' in line)
      .map((line) => line.data);
  return { ...offered, data };
}

test('a line publishes, and is answered where there is a way back', async (t) => {
  const { session, runtime, data } = await start(t);
  const { readable, writable } = session.openBidirectional();
  const oneWay = session.openOneWay();
  readable.give('1\n2\nwrong\n');
  readable.end();
  oneWay.give('3\n');
  oneWay.end();
  await runtime.pass(0);
  assert.deepEqual(data(), [1, 2, 3]);
  const answers = writable.lines as { ack?: object; error?: { code: string } }[];
  assert.deepEqual(
    answers.map(({ ack, error }) => error?.code ?? typeof ack),
    ['object', 'object', 'invalid_json'],
  );
  assert.equal(writable.ending, 'ended');
});

test('who reads no answers is read from no further, and given up in the end', async (t) => {
  const { session, runtime, hub } = await start(t, { heartbeatMs: 1000, stallMs: 10_000 });
  const { readable, writable } = session.openBidirectional(1_000);
  for (let count = 0; count < 1_000; count++) readable.give('wrong\n');
  await runtime.pass(0);
  assert.equal(readable.paused, true);
  assert.ok(writable.waiting < 64 * 1_000, `${writable.waiting} bytes wait`);
  const before = writable.waiting;
  await runtime.pass(5_000);
  assert.deepEqual([writable.waiting, session.closed], [before, undefined]);
  await runtime.pass(10_000);
  assert.equal(session.closed, 1012);
  assert.equal(hub.received.total, 0);
});

test('who reads the answers after all is read on from', async (t) => {
  const { session, runtime } = await start(t);
  const { readable, writable } = session.openBidirectional(1_000);
  for (let count = 0; count < 100; count++) readable.give('wrong\n');
  readable.end();
  await runtime.pass(0);
  assert.equal(readable.paused, true);
  for (let drains = 0; drains < 10 && writable.ending === undefined; drains++) {
    writable.drain();
    await runtime.pass(0);
  }
  assert.equal(writable.lines.length, 100);
});

test('a client that wants no answers goes on publishing', async (t) => {
  const { session, runtime, data } = await start(t);
  const { readable, writable } = session.openBidirectional(10);
  readable.give('1\n');
  await runtime.pass(0);
  writable.onstop(0);
  readable.give('2\n3\n');
  await runtime.pass(0);
  assert.deepEqual(data(), [1, 2, 3]);
});

test('streams that their client gives up leave nothing behind', async (t) => {
  const { session, runtime, hub } = await start(t);
  for (let count = 0; count < 100; count++) {
    const { readable, writable } = session.openBidirectional();
    readable.give('"not whole');
    readable.reset();
    await runtime.pass(0);
    assert.equal(writable.ending, 'ended');
  }
  assert.equal(hub.received.total, 0);
});

test('lines that wait for their turn count, though their stream is given up', async (t) => {
  let wait = 1;
  const { session, runtime, hub } = await start(t, {}, { take: () => wait });
  const line = `"${'x'.repeat(1_000)}"\n`;
  for (let count = 0; count < 10; count++) {
    const stream = session.openOneWay();
    stream.give(line);
    stream.reset();
  }
  await runtime.pass(0);
  assert.equal(hub.received.total, 10 * (line.length - 1));
  wait = 0;
  await runtime.pass(10_000);
  assert.equal(hub.received.total, 0);
});

test('what waits for its turn is not published once the session has ended', async (t) => {
  let wait = 1;
  const { session, runtime, hub, published } = await start(t, {}, { take: () => wait });
  session.openOneWay().give('1\n2\n3\n');
  await runtime.pass(0);
  session.end();
  wait = 0;
  await runtime.pass(10_000);
  assert.ok((await published()) <= 1, 'the one whose turn it was may have got through');
  assert.equal(hub.received.total, 0);
});

test('a datagram that comes faster than it may is lost, and does not wait', async (t) => {
  let wait = 0;
  const { session, runtime, data } = await start(t, {}, { take: () => wait });
  session.ondatagram(Buffer.from('1'));
  await runtime.pass(0);
  wait = 1;
  session.ondatagram(Buffer.from('2'));
  await runtime.pass(0);
  wait = 0;
  session.ondatagram(Buffer.from('3'));
  await runtime.pass(10_000);
  assert.deepEqual(data(), [1, 3]);
});

test('a client that stops the stream it reads from has ended its session', async (t) => {
  const { session, runtime, hub, published } = await start(t);
  session.opened[0]!.onstop(0);
  assert.deepEqual([session.closed, [...hub.connections].length], [1000, 0]);
  session.openOneWay().give('1\n');
  session.ondatagram(Buffer.from('2'));
  await runtime.pass(0);
  assert.equal(await published(), 0);
});

test('a session that takes its leave takes nothing more, and holds nothing', async (t) => {
  const { session, runtime, hub, published } = await start(t);
  session.openOneWay().give('"not whole');
  for (const connection of [...hub.connections]) connection.close(undefined);
  const late = session.openBidirectional();
  late.readable.give('1\n"not whole');
  session.ondatagram(Buffer.from('2'));
  await runtime.pass(0);
  assert.deepEqual([late.readable.stopped, late.writable.ending], [0, 'reset']);
  assert.deepEqual([await published(), hub.received.total], [0, 0]);
});
