import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { prefixed } from '../../src/grpc/envelope.ts';
import { ClientFrameSchema, PublishRequestSchema } from '../../src/grpc/index.ts';
import { onEnd } from '../support/on-end.ts';
import { bytesOf, startGrpcHub } from './support/grpc-hub.ts';

const LOOK_MS = 10_000;

/** A call of gRPC whose bytes the test sends itself, at a hub whose seconds pass when the test says so. */
async function openCall(t: TestContext, method: string) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { hub, url } = await startGrpcHub(t);
  const session = connect(url);
  onEnd(t, () => session.destroy());
  const call = session.request({
    ':method': 'POST',
    ':path': `/fanwire.v1.Hub/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  const trailers = once(call, 'trailers');
  return {
    hub,
    call,
    /** What the call ends with. */
    async ended() {
      call.resume();
      const [end] = (await trailers) as [Record<string, string>];
      const details = Buffer.from(end['grpc-status-details-bin'] ?? '', 'base64').toString('latin1');
      return {
        status: Number(end['grpc-status']),
        text: decodeURIComponent(end['grpc-message'] ?? ''),
        details,
      };
    },
    /** Ten seconds pass, and the hub looks. */
    wait() {
      for (let passed = 0; passed < LOOK_MS; passed += 1000) t.mock.timers.tick(1000);
    },
  };
}

const published = (data: unknown) => {
  const message = create(PublishRequestSchema, { channel: 'a', data: bytesOf(data) });
  return prefixed(toBinary(PublishRequestSchema, message));
};

test('a message that begins and does not go on ends a PublishStream, which says what was published', async (t) => {
  const { hub, call, ended, wait } = await openCall(t, 'PublishStream');
  const taken = hub.events('a')[Symbol.asyncIterator]().next();
  call.write(Buffer.concat([published(1), published(2).subarray(0, -1)]));
  await taken;
  wait();
  wait();
  const { status, text, details } = await ended();
  assert.equal(status, Code.DeadlineExceeded);
  assert.match(text, /bodyBytesPerSecond/);
  assert.match(details, /BODY_TOO_SLOW.*published/s);
});

test('a PublishStream that rests between two messages is left alone', async (t) => {
  const { hub, call, ended, wait } = await openCall(t, 'PublishStream');
  const events = hub.events('a')[Symbol.asyncIterator]();
  for (let count = 0; count < 3; count++) {
    const taken = events.next();
    call.write(published(count));
    await taken;
    wait();
    wait();
    wait();
  }
  call.end();
  assert.equal((await ended()).status, 0);
});

test('a frame that begins and does not go on ends a session', async (t) => {
  const { call, ended, wait } = await openCall(t, 'Connect');
  const frame = (json: object) =>
    prefixed(toBinary(ClientFrameSchema, create(ClientFrameSchema, { json: JSON.stringify(json) })));
  call.write(Buffer.concat([frame({ hello: { client: '4f1a90b2c7' } }), frame({ ping: 1 }).subarray(0, -1)]));
  const [welcome] = await once(call, 'data');
  assert.match(String(welcome), /welcome/);
  wait();
  wait();
  const { status, details } = await ended();
  assert.equal(status, Code.DeadlineExceeded);
  assert.match(details, /BODY_TOO_SLOW/);
});

test('bytes that are no frame end a session with a status of Connect’s, and are no fault of the hub', async (t) => {
  const { call, ended } = await openCall(t, 'Connect');
  call.write(prefixed(Buffer.of(0xff)));
  assert.equal((await ended()).status, Code.Internal);
});
