import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveFrameSession } from '../../src/transports/webtransport/session.ts';
import { offerSession } from './support/scripted-session.ts';

const KIB = 1024;
const HELLO = '{"hello":{"client":"client-of-a-test"}}\n';
const SUBSCRIBE = '{"ref":1,"subscribe":{"channel":"a"}}\n';

type Given = Parameters<typeof offerSession>;

/** A session on which the client has opened its stream and said these frames. */
async function start(t: Given[0], frames = '', options: Given[1] = {}) {
  const offered = offerSession(t, options);
  serveFrameSession(offered.offer);
  const { readable, writable } = offered.session.openBidirectional();
  if (frames !== '') readable.give(frames);
  await offered.runtime.pass(0);
  return { ...offered, readable, writable };
}

test('a session on which no stream comes is ended, and so is one without a hello', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const opens of [false, true]) {
    const { offer, session } = offerSession(t);
    serveFrameSession(offer);
    session.openOneWay();
    if (opens) session.openBidirectional();
    t.mock.timers.tick(9_999);
    assert.equal(session.closed, undefined);
    t.mock.timers.tick(1);
    t.mock.timers.tick(opens ? 2_000 : 0);
    assert.equal(session.closed, 4000);
  }
});

test('each subscription has a stream, whose first line is the answer', async (t) => {
  const { session, writable, runtime, publish } = await start(t, HELLO + SUBSCRIBE);
  await publish('a', 1);
  await runtime.pass(0);
  const [stream] = session.opened;
  const [answer, message] = stream!.lines as { ref?: number; data?: unknown }[];
  assert.deepEqual([answer?.ref, message?.data], [1, 1]);
  assert.ok(!writable.text.includes('"ref":1'));
});

test('where there is no room for another stream, messages come the way of all frames', async (t) => {
  const offered = offerSession(t);
  offered.session.mostStreams = 0;
  serveFrameSession(offered.offer);
  const { readable, writable } = offered.session.openBidirectional();
  readable.give(HELLO + SUBSCRIBE);
  await offered.runtime.pass(0);
  await offered.publish('a', 'there');
  await offered.runtime.pass(0);
  assert.ok(writable.text.includes('"there"'));
});

test('what waits for a client that has unsubscribed is let go', async (t) => {
  const { session, readable, runtime } = await start(t, HELLO + SUBSCRIBE);
  readable.give('{"ref":2,"unsubscribe":{"channel":"a"}}\n');
  await runtime.pass(0);
  assert.equal(session.opened[0]!.ending, 'reset');
});

test('a client that stops a channel’s stream keeps its session and its other channels', async (t) => {
  const options = { heartbeatMs: 1_000, stallMs: 5_000 };
  const more = '{"ref":2,"subscribe":{"channel":"b"}}\n';
  const { hub, session, runtime, publish } = await start(t, HELLO + SUBSCRIBE + more, options);
  session.opened[0]!.onstop(0);
  await runtime.pass(60_000);
  assert.equal(session.closed, undefined);
  assert.deepEqual(
    [...hub.connections].map(({ channels }) => channels),
    [['b']],
  );
  await publish('b', 'there');
  assert.ok(session.opened[1]!.text.includes('"there"'));
});

test('a client that does not read one stream gets the others, costs no more than that has room for, and is given up', async (t) => {
  const more = '{"ref":2,"subscribe":{"channel":"b"}}\n';
  const offered = offerSession(t, { heartbeatMs: 1_000, stallMs: 10_000 });
  const { session, runtime, publish } = offered;
  session.room = 10 * KIB;
  serveFrameSession(offered.offer);
  session.openBidirectional().readable.give(HELLO + SUBSCRIBE + more);
  await runtime.pass(0);
  const [slow, quick] = session.opened;
  for (let count = 0; count < 100; count++) {
    await publish('a', 'x'.repeat(KIB));
    await publish('b', count);
    quick!.drain();
  }
  await runtime.pass(0);
  assert.ok(slow!.waiting < 12 * KIB, `${slow!.waiting} bytes wait`);
  assert.ok(quick!.text.includes('"data":99}'));
  await runtime.pass(9_000);
  assert.equal(session.closed, undefined);
  await runtime.pass(2_000);
  assert.equal(session.closed, 1012);
});

for (const [name, leave] of [
  ['ends its stream', ({ readable }) => readable.end()],
  ['gives its stream up', ({ readable }) => readable.reset()],
  ['stops the stream it reads from', ({ writable }) => writable.onstop(0)],
  ['says goodbye', ({ readable }) => readable.give('{"bye":true}\n')],
] as const satisfies [string, (streams: Awaited<ReturnType<typeof start>>) => void][]) {
  test(`a client that ${name} has gone`, async (t) => {
    const started = await start(t, HELLO + SUBSCRIBE);
    const { hub, session, runtime } = started;
    leave(started);
    await runtime.pass(0);
    assert.deepEqual([session.closed, [...hub.connections].length], [1000, 0]);
  });
}

test('a stranger may send no more than a stranger may', async (t) => {
  const { hub, readable, writable, runtime } = await start(t, '', {
    authorise: () => undefined,
    limits: { strangerBytes: KIB },
  });
  readable.give('x'.repeat(KIB), 'xx');
  await runtime.pass(0);
  assert.deepEqual([readable.stopped, hub.received.total], [0, 0]);
  assert.equal((writable.lines.at(-1) as { error?: { code: string } }).error?.code, 'message_too_large');
});

test('a second stream of the client is refused', async (t) => {
  const { session } = await start(t, HELLO);
  const { readable, writable } = session.openBidirectional();
  assert.deepEqual([readable.stopped, writable.ending, session.openOneWay().stopped], [0, 'reset', 0]);
});
