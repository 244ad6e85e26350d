import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameSink } from '../../src/hub/session/session.ts';
import type { PageItem } from '../../src/log/log.ts';
import { payloadOf } from '../../src/log/message.ts';
import { FROM_NOW } from '../../src/protocol/start.ts';
import { serveChannelSession } from '../../src/transports/webtransport/channel.ts';
import { DatagramSink } from '../../src/transports/webtransport/datagram-sink.ts';
import { offerSession, type ScriptedSession } from './support/scripted-session.ts';

const UNRELIABLE = new URLSearchParams('unreliable');

const dataOf = (datagrams: readonly string[]) => datagrams.map((text) => JSON.parse(text).data);

/** What was told on the session's stream, without heartbeats. */
function told(session: ScriptedSession): unknown[] {
  const lines = session.opened[0]!.lines as { gap?: { from: string; to: string }; data?: string }[];
  return lines
    .filter((line) => !('heartbeat' in line))
    .map(({ gap, data }) => (gap ? { ...gap, from: sequenceOf(gap.from), to: sequenceOf(gap.to) } : data));
}

const sequenceOf = (position: string) => Number(position.split('.').at(-1));

async function start(t: Parameters<typeof offerSession>[0], channels: readonly string[]) {
  const offered = offerSession(t);
  await serveChannelSession(offered.offer, channels, FROM_NOW, UNRELIABLE);
  await offered.runtime.pass(0);
  return offered;
}

test('each message is a datagram', async (t) => {
  const { session, publish } = await start(t, ['a']);
  for (const data of [1, 2, 3]) await publish('a', data);
  assert.deepEqual(dataOf(session.datagrams), [1, 2, 3]);
  assert.deepEqual(told(session), []);
});

test('a message too large for a datagram comes on the stream, and so does each to who takes no datagrams', async (t) => {
  const { session, publish } = await start(t, ['a']);
  const large = 'x'.repeat(1200);
  await publish('a', large);
  await publish('a', 'small');
  assert.deepEqual([told(session), dataOf(session.datagrams)], [[large], ['small']]);
  session.maxDatagramSize = 0;
  await publish('a', 'after');
  assert.deepEqual([told(session), dataOf(session.datagrams)], [[large, 'after'], ['small']]);
});

test('where there is no room the newest comes once there is, and one gap tells of the others', async (t) => {
  const { hub, runtime, session, publish } = await start(t, ['a']);
  session.takes = 1;
  for (const data of [1, 2, 3, 4, 5]) await publish('a', data);
  await runtime.pass(0);
  assert.deepEqual(dataOf(session.datagrams), [1]);
  session.drain(10);
  await runtime.pass(0);
  const data = dataOf(session.datagrams);
  assert.deepEqual([data[0], data.at(-1)], [1, 5]);
  const gaps = told(session) as { from: number; to: number; reason: string }[];
  assert.ok(gaps.length > 0 && gaps.every(({ reason }) => reason === 'skipped'));
  // Each message either came, or lies in exactly one gap.
  const covered = gaps.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + 1 + i));
  assert.deepEqual([...data, ...covered].sort(), [1, 2, 3, 4, 5]);
  assert.equal(hub.meter.gaps.skipped, gaps.length);
});

test('without room a second time, nothing is told of twice', async (t) => {
  const { runtime, session, publish } = await start(t, ['a']);
  session.takes = 0;
  for (let data = 1; data <= 20; data++) {
    await publish('a', data);
    if (data % 5 === 0) session.drain(1);
    await runtime.pass(0);
  }
  session.drain(10);
  await runtime.pass(0);
  const gaps = told(session) as { from: number; to: number }[];
  const covered = gaps.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + 1 + i));
  const all = [...dataOf(session.datagrams), ...covered].sort((a, b) => a - b);
  assert.deepEqual(
    all,
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
  assert.equal(dataOf(session.datagrams).at(-1), 20);
});

test('a gap of its own begins where one that was told of before has ended', (t) => {
  const { hub, session } = offerSession(t);
  const told: string[] = [];
  const stream = { writable: true, frame: (json: string) => told.push(json) } as unknown as FrameSink;
  const at = (sequence: number) => ({ epoch: 'e', sequence });
  const sink = new DatagramSink(session, hub.meter, at(0), stream);
  const message = (sequence: number): PageItem => ({
    kind: 'message',
    message: { ...at(sequence), channel: 'a', type: undefined, time: 0, payload: payloadOf(sequence) },
  });
  const trimmed: PageItem = {
    kind: 'gap',
    gap: { channel: 'a', from: at(0), to: at(5), reason: 'trimmed' },
  };
  session.takes = 0;
  sink.write([trimmed, message(6), message(7)].map((item) => sink.format.encode(item)));
  session.takes = 10;
  sink.drained();
  const gaps = told.map((json) => JSON.parse(json).gap);
  assert.deepEqual(
    gaps.map(({ from, to, reason }) => [from, to, reason]),
    [
      ['e.0', 'e.5', 'trimmed'],
      ['e.5', 'e.6', 'skipped'],
    ],
  );
  assert.deepEqual(dataOf(session.datagrams), [7]);
});

test('of several channels one without room holds up no other’s newest', async (t) => {
  const { runtime, session, publish } = await start(t, ['a', 'b']);
  session.takes = 0;
  for (const data of [1, 2, 3]) for (const channel of ['a', 'b']) await publish(channel, `${channel}${data}`);
  session.drain(10);
  await runtime.pass(0);
  const data = dataOf(session.datagrams);
  assert.ok(data.includes('a3') && data.includes('b3'), `${data}`);
});

test('large messages that nobody reads wait no further than the stream has room, and cost nobody the session', async (t) => {
  const offered = offerSession(t);
  const { session, runtime, publish } = offered;
  session.room = 10_000;
  await serveChannelSession(offered.offer, ['a'], FROM_NOW, UNRELIABLE);
  await runtime.pass(0);
  for (let data = 0; data < 50; data++) await publish('a', `${data}`.padEnd(2_000, 'x'));
  await runtime.pass(0);
  const stream = session.opened[0]!;
  assert.equal(session.closed, undefined);
  assert.ok(stream.waiting < 15_000, `${stream.waiting} bytes wait`);
  stream.drain();
  await runtime.pass(0);
  const items = told(session);
  assert.ok(String(items.at(-1)).startsWith('49'), 'the newest came');
  assert.ok(items.some((item) => (item as { reason?: string }).reason === 'skipped'));
});

test('who does not read what is told gets no more datagrams, and is given up', async (t) => {
  const offered = offerSession(t, { heartbeatMs: 1000, stallMs: 10_000 });
  const { session, runtime, publish } = offered;
  session.room = 500;
  await serveChannelSession(offered.offer, ['a'], FROM_NOW, UNRELIABLE);
  await runtime.pass(0);
  await publish('a', 'x'.repeat(2_000));
  await publish('a', 'unseen');
  await runtime.pass(5_000);
  assert.deepEqual([session.datagrams, session.closed], [[], undefined]);
  await runtime.pass(10_000);
  assert.equal(session.closed, 1012);
});
