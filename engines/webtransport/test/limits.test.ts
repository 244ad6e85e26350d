import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { type TestContext, test } from 'node:test';
import { DEFAULT_LIMITS, type EngineLimits, limitsWith } from '../src/limits.ts';
import type { Server } from '../src/server.ts';
import { LOST } from '../src/session.ts';
import { echo } from './support/echo.ts';
import { next, readAll, writeAll } from './support/reading.ts';
import { clientOf, startServing } from './support/serving.ts';
import { isRetry, startProxy } from './support/udp-proxy.ts';

/** The connection is refused before it costs a handshake. */
const REFUSED = /CONNECTION_REFUSED/;

/** A server with one handshake under way, which its client will never end, and the limits. */
async function startHalfOpen(t: TestContext, limits: Partial<EngineLimits>) {
  const serving = await startServing(t, { limits });
  const { server, certificate } = serving;
  const { port, answered } = await startProxy(t, server.port, false);
  const client = clientOf(port, certificate);
  t.after(() => client.close());
  await answered;
  assert.equal((await server.count()).engine.handshakes, 1);
  return serving;
}

async function untilGone(server: Server): Promise<void> {
  while ((await server.count()).engine.connections > 0);
}

for (const limit of ['sessions', 'sessionsPerAddress'] as const) {
  test(`no connection beyond ${limit} is taken, and one that ends makes room`, async (t) => {
    const { server, connect, accepted } = await startServing(t, { limits: { [limit]: 2 } });
    const first = await connect();
    await connect();
    await assert.rejects(connect(), REFUSED);
    await accepted();
    first.close();
    while ((await server.count()).engine.connections > 1);
    await connect();
  });
}

test('no connection beyond `handshakes` under way is taken', async (t) => {
  const { connect } = await startHalfOpen(t, { handshakes: 1 });
  await assert.rejects(connect(), REFUSED);
});

test('from `handshakesUnproven` under way on, a client proves its address first', async (t) => {
  const serving = await startServing(t, { limits: { handshakesUnproven: 1 } });
  const { server, certificate } = serving;
  const quiet = await startProxy(t, server.port, true);
  const before = clientOf(quiet.port, certificate);
  await before.ready;
  assert.ok(!quiet.answers.some(isRetry));
  before.close();

  const half = await startProxy(t, server.port, false);
  const never = clientOf(half.port, certificate);
  t.after(() => never.close());
  await half.answered;
  const busy = await startProxy(t, server.port, true);
  const after = clientOf(busy.port, certificate);
  await after.ready;
  assert.ok(isRetry(busy.answers[0]!));
  after.close();
});

test('a handshake that takes longer than `handshakeMs` is given up', async (t) => {
  const { server } = await startHalfOpen(t, { handshakeMs: 2_000 });
  await untilGone(server);
});

test('a client from which nothing comes for `idleMs` is lost', async (t) => {
  let end = (_code: number) => {};
  const lost = new Promise<number>((resolve) => {
    end = resolve;
  });
  const { server, certificate } = await startServing(t, {
    limits: { idleMs: 3_000 },
    onSession(request) {
      request.accept().onclose = end;
    },
  });
  const proxy = await startProxy(t, server.port, true);
  const client = clientOf(proxy.port, certificate);
  t.after(() => client.close());
  await client.ready;
  proxy.cut();
  assert.equal(await lost, LOST);
});

test('a client has no more streams open than `streamsPerSession`, and the others wait', async (t) => {
  const { connect, accepted } = await startServing(t, { limits: { streamsPerSession: 2 } });
  const client = await connect();
  let open = 0;
  let most = 0;
  (await accepted()).onstream = (readable, writable) => {
    open += 1;
    most = Math.max(most, open);
    echo(readable, writable);
    readable.onend = () => {
      open -= 1;
      writable!.end();
    };
  };
  const answers = await Promise.all(
    ['one', 'two', 'three', 'four', 'five', 'six'].map(async (word) => {
      const { readable, writable } = await client.createBidirectionalStream();
      const [answer] = await Promise.all([readAll(readable), writeAll(writable, Buffer.from(word))]);
      return answer.toString();
    }),
  );
  assert.deepEqual(answers, ['one', 'two', 'three', 'four', 'five', 'six']);
  assert.equal(most, 2);
});

test('a server has no more streams open in a session than `streamsPerSession`', async (t) => {
  const { server, connect, accepted } = await startServing(t, { limits: { streamsPerSession: 2 } });
  const client = await connect();
  const session = await accepted();
  const first = session.openUnidirectional();
  session.openUnidirectional();
  assert.throws(() => session.openUnidirectional(), /open already/);
  first.write(Buffer.from('done'));
  first.end();
  await readAll(await next(client.incomingUnidirectionalStreams));
  // What the engine has told before its answer has come before that.
  await server.count();
  session.openUnidirectional();
});

test('noise on the port disturbs nobody', async (t) => {
  const { server, connect, accepted } = await startServing(t);
  const client = await connect();
  (await accepted()).onstream = echo;
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  for (let size = 1; size < 1_000; size++) {
    const noise = Buffer.alloc(size, size % 256);
    await new Promise((resolve) => socket.send(noise, server.port, '127.0.0.1', resolve));
  }
  const { readable, writable } = await client.createBidirectionalStream();
  await writeAll(writable, Buffer.from('still here'));
  assert.equal((await readAll(readable)).toString(), 'still here');
  assert.equal((await server.count()).engine.connections, 1);
});

test('a limit is a whole number above 0', () => {
  for (const name of Object.keys(DEFAULT_LIMITS)) {
    for (const value of [0, -1, 1.5, Number.NaN])
      assert.throws(() => limitsWith({ [name]: value }), RangeError);
  }
});
