import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { KeepingSink } from '../../../test/hub/support/frame-sink.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame } from '../../protocol/frames.ts';
import { FROM_START } from '../../protocol/start.ts';
import type { Access } from '../authorisation/access.ts';
import { GRANTED } from '../authorisation/right.ts';
import { Hub } from '../hub.ts';
import type { HubOptions } from '../options.ts';
import { publicId } from '../presence/public-id.ts';
import type { SessionPeer } from './publisher.ts';
import { Session } from './session.ts';

const EVERYTHING: Access = {
  subject: undefined,
  expiresAt: undefined,
  issuedAt: undefined,
  authenticated: true,
  mayRead: () => true,
  mayPublish: () => true,
  right: () => GRANTED,
};

function openHub(t: TestContext, options: HubOptions = {}) {
  const log = memoryLog();
  const hub = new Hub(log, options);
  t.after(() => hub.close());

  function connect(peer: Partial<SessionPeer> = {}) {
    const sink = new KeepingSink();
    const closed: (FanwireError | undefined)[] = [];
    const all: SessionPeer = {
      client: 'client-a',
      transport: 'websocket',
      address: '127.0.0.1',
      network: '127.0.0.1',
      access: EVERYTHING,
      credentials: { token: undefined, headers: {}, address: '127.0.0.1' },
      pace: { take: () => 0 },
      ...peer,
    };
    const session = new Session(hub, all, { sink, close: (reason) => closed.push(reason), abort() {} });
    return {
      sink,
      session,
      closed,
      /** Resolves with the answer to the last of the frames. */
      async send(...frames: ClientFrame[]) {
        for (const frame of frames) void session.receive(frame);
        await session.settled();
        const last = frames.at(-1)!;
        return 'ref' in last ? sink.answer(last.ref) : undefined;
      },
    };
  }

  async function history(channel: string): Promise<unknown[]> {
    const { items } = await hub.read([channel], FROM_START, 1000);
    return items.map((item) =>
      item.kind === 'message' && 'text' in item.message.payload
        ? JSON.parse(item.message.payload.text)
        : item,
    );
  }

  return { hub, log, connect, history };
}

function publish(ref: number, data: unknown, channel = 'a'): ClientFrame {
  return { ref, publish: { channel, data } };
}

test('the welcome comes first, and tells how long the token lasts and what others know the client by', (t) => {
  const { hub, connect } = openHub(t, { heartbeatMs: 10_000 });
  const { sink } = connect();
  const from = publicId('client-a', undefined);
  assert.deepEqual(sink.frames, [{ welcome: { node: hub.node, heartbeatMs: 10_000, from } }]);
  const expiring = connect({ access: { ...EVERYTHING, expiresAt: Date.now() + 60_000 } });
  const { expiresInMs } = expiring.sink.frames[0].welcome;
  assert.ok(expiresInMs > 30_000 && expiresInMs <= 60_000);
});

test('publishes are appended in the order of their frames, and each is answered with its id', async (t) => {
  const { connect, history } = openHub(t);
  const { sink, send } = connect();
  await send(publish(1, 'one'), publish(2, 'two'), publish(3, 'three'));
  assert.deepEqual(await history('a'), ['one', 'two', 'three']);
  const ids = [1, 2, 3].map((ref) => sink.answer(ref).ok.id);
  assert.equal(new Set(ids).size, 3);
});

test('what is sent again on another connection is not appended again', async (t) => {
  const { connect, history } = openHub(t);
  const first = await connect().send(publish(1, 'once'));
  const again = await connect().send(publish(1, 'once'));
  assert.deepEqual(again, first);
  await connect({ client: 'client-b' }).send(publish(1, 'of another client'));
  assert.deepEqual(await history('a'), ['once', 'of another client']);
});

test('after a publish that failed for a passing reason the later ones are refused until it comes again', async (t) => {
  const { log, connect, history } = openHub(t);
  const { sink, send } = connect();
  await send(publish(1, 1));
  const append = t.mock.method(log, 'append', () =>
    Promise.reject(new FanwireError('log_unavailable', 'away')),
  );
  await send(publish(2, 2));
  append.mock.restore();
  await send(publish(3, 3));
  assert.deepEqual(
    [2, 3].map((ref) => sink.answer(ref).error.code),
    ['log_unavailable', 'log_unavailable'],
  );
  assert.deepEqual(await history('a'), [1]);
  await send(publish(2, 2), publish(3, 3));
  assert.deepEqual(await history('a'), [1, 2, 3]);
});

test('a publish that was refused for a passing reason, and that its client no longer wants, holds nothing back for ever', async (t) => {
  const { log, connect, history } = openHub(t);
  const { sink, send } = connect();
  const append = t.mock.method(log, 'append', () =>
    Promise.reject(new FanwireError('log_unavailable', 'away')),
  );
  await send(publish(1, 1), publish(2, 2), publish(3, 3));
  // The second time, in the middle of a series: what comes behind must not overtake 2.
  await send(publish(2, 2));
  append.mock.restore();
  await send(publish(3, 3));
  assert.equal(sink.answer(3).error.code, 'log_unavailable');
  // Over another connection, say, 2 came through meanwhile, or its client has given it up.
  await send(publish(3, 3), publish(4, 4));
  assert.deepEqual(await history('a'), [3, 4]);
});

test('a publish that is refused for good holds nothing back', async (t) => {
  const { connect, history } = openHub(t, { limits: { messageBytes: 10 } });
  const { sink, send } = connect();
  await send(publish(1, 'x'.repeat(20)), publish(2, 'two'));
  assert.equal(sink.answer(1).error.code, 'message_too_large');
  assert.deepEqual(await history('a'), ['two']);
});

test('binary is published as bytes, and JSON as it is', async (t) => {
  const { hub, connect } = openHub(t);
  await connect().send({
    ref: 1,
    publish: { channel: 'a', data: 'AP8=', encoding: 'base64', type: 'bytes' },
  });
  const [item] = (await hub.read(['a'], FROM_START, 1)).items;
  assert.ok(item?.kind === 'message' && item.message.payload.kind === 'binary');
  assert.deepEqual([...item.message.payload.bytes], [0, 255]);
  assert.equal(item.message.type, 'bytes');
});

test('a subscription is answered with where it begins, before its first message', async (t) => {
  const { connect } = openHub(t);
  const { sink, send } = connect();
  const {
    ok: { id },
  } = await send(publish(1, 'before'));
  const { ok } = await send({ ref: 2, subscribe: { channel: 'a' } });
  assert.equal(ok.position, id);
  await send(
    { ref: 3, subscribe: { channel: 'b', after: 'start' } },
    publish(4, 'in b', 'b'),
    publish(5, 'in a'),
  );
  await new Promise(setImmediate);
  assert.deepEqual(sink.data.sort(), ['in a', 'in b']);
});

test('subscribing again replaces the subscription, and unsubscribing ends it', async (t) => {
  const { hub, connect } = openHub(t);
  const { sink, send, session } = connect();
  await send(publish(1, 'one'), { ref: 2, subscribe: { channel: 'a' } });
  await send({ ref: 3, subscribe: { channel: 'a', after: 'start' } });
  assert.deepEqual(sink.data, ['one']);
  assert.deepEqual(session.connection.channels, ['a']);
  await send(publish(4, 'two'));
  hub.fanOut.flush();
  assert.deepEqual(sink.data, ['one', 'two']);
  assert.deepEqual(await send({ ref: 5, unsubscribe: { channel: 'a' } }), { ref: 5, ok: {} });
  await send(publish(6, 'three'), { ref: 7, unsubscribe: { channel: 'never' } });
  hub.fanOut.flush();
  assert.deepEqual(sink.data, ['one', 'two']);
  assert.equal(hub.fanOut.count('a'), 0);
});

test('a connection takes so many channels', async (t) => {
  const { connect } = openHub(t, { limits: { channelsPerConnection: 2 } });
  const { send } = connect();
  const subscribe = (ref: number, channel: string) => send({ ref, subscribe: { channel } });
  await subscribe(1, 'a');
  await subscribe(2, 'b');
  assert.equal((await subscribe(3, 'c')).error.code, 'too_many_channels');
  assert.ok((await subscribe(4, 'b')).ok, 'one it has may be subscribed anew');
});

test('a request may take its time without holding back what comes behind it', async (t) => {
  let finish = (_: unknown) => {};
  const slow = () =>
    new Promise((resolve) => {
      finish = resolve;
    });
  const { connect } = openHub(t, { requests: { slow } });
  const { sink, session } = connect();
  void session.receive({ ref: 1, request: { method: 'slow' } });
  await session.receive({ ping: 9 });
  assert.deepEqual(sink.frames.at(-1), { pong: 9 });
  finish('done');
  await session.settled();
  assert.deepEqual(sink.answer(1), { ref: 1, ok: { data: 'done' } });
});

test('a second hello ends the connection, and what follows is not handled', async (t) => {
  const { connect, history } = openHub(t);
  const { sink, send, closed } = connect();
  await send({ hello: { client: 'client-a' } }, publish(1, 'late'));
  assert.equal(closed[0]?.code, 'invalid_frame');
  assert.equal(sink.frames.at(-1).error.code, 'invalid_frame');
  assert.deepEqual(await history('a'), []);
});

test('a session whose transport has ended leaves nothing behind in the hub', async (t) => {
  const { hub, connect } = openHub(t);
  const { send, session } = connect();
  await send({ ref: 1, subscribe: { channel: 'a' } }, { ref: 2, subscribe: { channel: 'b' } });
  session.gone();
  session.gone();
  assert.deepEqual([hub.connections.size, hub.fanOut.count('a'), hub.fanOut.count('b')], [0, 0, 0]);
});

test('a new token takes effect in place: what it no longer grants is dropped, presence and all', async (t) => {
  const { hub, connect } = openHub(t, {
    presenceLingerMs: 0,
    authorise: ({ token }) => ({ read: token === 'less' ? ['a'] : ['a', 'b'], publish: true }),
  });
  const access = await hub.authorise({ token: 'all', headers: {}, address: '' });
  const { sink, send, session } = connect({ access });
  await send(
    { ref: 1, subscribe: { channel: 'a', presence: {} } },
    { ref: 2, subscribe: { channel: 'b', presence: {} } },
  );
  const from = publicId('client-a', undefined);
  assert.deepEqual(await send({ ref: 3, token: 'less' }), { ref: 3, ok: { from } });
  assert.deepEqual(session.connection.channels, ['a']);
  while ((await hub.presence.members('b')).length > 0) await new Promise(setImmediate);
  assert.equal((await hub.presence.members('a')).length, 1);
  await send(publish(4, 'for a'), publish(5, 'for b', 'b'));
  hub.fanOut.flush();
  assert.deepEqual(sink.data, ['for a']);
});

test('a token that is refused changes nothing', async (t) => {
  const { hub, connect } = openHub(t, {
    authorise: ({ token }) => {
      if (token === 'bad') throw new FanwireError('unauthenticated', 'no');
      return { read: true };
    },
  });
  const access = await hub.authorise({ token: 'good', headers: {}, address: '' });
  const { send, session } = connect({ access });
  await send({ ref: 1, subscribe: { channel: 'a' } });
  assert.equal((await send({ ref: 2, token: 'bad' })).error.code, 'unauthenticated');
  assert.deepEqual(session.connection.channels, ['a']);
  assert.equal(session.connection.closed, false);
});

test('a heartbeat tells the position only if everything up to it was given', async (t) => {
  const { connect } = openHub(t);
  const { sink, send, session } = connect();
  const beat = () => {
    session.connection.due();
    return sink.frames.at(-1).heartbeat;
  };
  assert.deepEqual(beat(), {});
  await send({ ref: 1, subscribe: { channel: 'a' } }, { ref: 2, subscribe: { channel: 'b' } });
  const { ok } = await send(publish(3, 'x'));
  assert.deepEqual(beat(), { position: ok.id });
  sink.writable = false;
  const frames = sink.frames.length;
  session.connection.due();
  assert.equal(sink.frames.length, frames, 'nothing is written to a full sink');
});

test('a frame that asks for what cannot be fails alone, under its ref', async (t) => {
  const { connect, history } = openHub(t);
  const { send, sink, closed } = connect();
  await send(publish(1, 'one', 'not a name'), publish(2, 'two'));
  assert.equal(sink.answer(1).error.code, 'invalid_channel');
  assert.deepEqual(await history('a'), ['two']);
  assert.deepEqual(closed, []);
});

test('a join waits for its turn as publishes do, and its leave is paid for with it', async (t) => {
  const taken: [string, number][] = [];
  const { connect } = openHub(t);
  const client = connect({
    pace: {
      take(address, count) {
        taken.push([address, count]);
        return taken.length === 1 ? 0.001 : 0;
      },
    },
  });
  await client.send({ ref: 1, subscribe: { channel: 'a' } });
  assert.deepEqual(taken, []);
  await client.send({ ref: 2, subscribe: { channel: 'b', presence: true } });
  assert.deepEqual(taken, [
    ['127.0.0.1', 2],
    ['127.0.0.1', 2],
  ]);
});
