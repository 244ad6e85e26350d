import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { bearer, SECRET } from '../abuse/support/tokens.ts';
import { openClient, startGrpcHub } from './support/grpc-hub.ts';

/** Sends frames, and says what comes. */
function openSession(client: ReturnType<typeof openClient>) {
  const waiting: string[] = [];
  let wake = () => {};
  let over = false;
  async function* frames() {
    while (!over) {
      while (waiting.length > 0) yield { json: waiting.shift()! };
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const answers = client.connect(frames())[Symbol.asyncIterator]();
  return {
    send(frame: object) {
      waiting.push(JSON.stringify(frame));
      wake();
    },
    async next() {
      const { value, done } = await answers.next();
      return done ? undefined : JSON.parse(value.json);
    },
    finish() {
      over = true;
      wake();
    },
  };
}

for (const kind of ['gRPC', 'gRPC in JSON', 'Connect over HTTP/2']) {
  test(`${kind}: the session of the SDK's frames reads, publishes and says goodbye`, async (t) => {
    const { hub, url } = await startGrpcHub(t);
    const session = openSession(openClient(t, url, kind));
    session.send({ hello: { client: '4f1a90b2c7' } });
    assert.ok((await session.next()).welcome.node);
    session.send({ ref: 1, subscribe: { channel: 'chat', presence: { name: 'Ada' } } });
    assert.equal((await session.next()).ref, 1);
    session.send({ ref: 2, publish: { channel: 'chat', data: 'Grüße' } });
    const both = [await session.next(), await session.next()];
    assert.equal(both.find(({ id }) => id)?.data, 'Grüße');
    assert.ok(both.find(({ ref }) => ref === 2)?.ok.id);
    assert.equal((await hub.presence('chat')).length, 1);
    // The end of the requests is not the session's: what is published still comes.
    session.finish();
    await hub.publish('chat', 'still here');
    assert.equal((await session.next()).data, 'still here');
  });
}

test('the token may come with hello, and bye ends the call well', async (t) => {
  const { url } = await startGrpcHub(t, { authorise: { secret: SECRET } });
  const { Authorization = '' } = await bearer({ read: ['a'] });
  const session = openSession(openClient(t, url));
  session.send({ hello: { client: '4f1a90b2c7', token: Authorization.slice('Bearer '.length) } });
  assert.ok((await session.next()).welcome);
  session.send({ ref: 1, subscribe: { channel: 'a' } });
  assert.ok((await session.next()).ok);
  session.send({ bye: true });
  assert.equal(await session.next(), undefined);
});

test('a session that does not begin with hello ends with what was wrong', async (t) => {
  const { url } = await startGrpcHub(t);
  const session = openSession(openClient(t, url));
  session.send({ ref: 1, subscribe: { channel: 'a' } });
  assert.equal((await session.next()).error.code, 'invalid_frame');
  const error = await session.next().catch((reason) => reason);
  assert.equal(ConnectError.from(error).code, Code.InvalidArgument);
});

test('a session takes two ways at once, which HTTP/1.1 has not: Connect says so there', async (t) => {
  const { url } = await startGrpcHub(t);
  const response = await fetch(`${url}/fanwire.v1.Hub/Connect`, {
    method: 'POST',
    headers: { 'content-type': 'application/connect+json' },
    body: new Uint8Array(),
  });
  assert.equal(response.status, 505);
});
