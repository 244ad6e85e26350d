import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { create, toBinary, toJsonString } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { PREFIX_BYTES, prefixed } from '../../../src/grpc/envelope.ts';
import { ClientFrameSchema, PublishRequestSchema, SubscribeRequestSchema } from '../../../src/grpc/index.ts';
import { MessageBounds } from '../../../src/grpc/message-bounds.ts';
import { cuts, mutated, piecesOf } from '../mutated.ts';
import { target } from '../target.ts';
import { sharedHub } from './network.ts';

/** A stream that goes on says nothing for so long: to wait for longer would show more only of what is slow. */
const SILENCE_MS = 20;

const publish = create(PublishRequestSchema, { channel: 'a', data: Buffer.from('{"home":1}') });
const subscribe = create(SubscribeRequestSchema, { channels: ['a', 'b'], last: 3 });
const hello = create(ClientFrameSchema, { json: '{"hello":{"client":"4f1a90b2c7"}}' });
const send = create(ClientFrameSchema, { json: '{"ref":1,"publish":{"channel":"a","data":1}}' });

const inProto = {
  PublishStream: [toBinary(PublishRequestSchema, publish), toBinary(PublishRequestSchema, publish)],
  Publish: [toBinary(PublishRequestSchema, publish)],
  Subscribe: [toBinary(SubscribeRequestSchema, subscribe)],
  Connect: [toBinary(ClientFrameSchema, hello), toBinary(ClientFrameSchema, send)],
};
const inJson = {
  PublishStream: [Buffer.from(toJsonString(PublishRequestSchema, publish))],
  Subscribe: [Buffer.from(toJsonString(SubscribeRequestSchema, subscribe))],
  Connect: [Buffer.from(toJsonString(ClientFrameSchema, hello))],
};

interface Call {
  readonly method: string;
  readonly contentType: string;
  readonly body: string;
}

const callsIn = (contentType: string, calls: Readonly<Record<string, readonly Uint8Array[]>>): Call[] =>
  Object.entries(calls).map(([method, messages]) => ({
    method,
    contentType,
    body: Buffer.concat(messages.map(prefixed)).toString('latin1'),
  }));
const CALLS = [
  ...callsIn('application/grpc', inProto),
  ...callsIn('application/grpc-web+proto', inProto),
  ...callsIn('application/grpc+json', inJson),
  ...callsIn('application/connect+json', inJson),
];

const call = fc
  .constantFrom(...CALLS)
  .chain(({ body, ...call }) => fc.tuple(fc.constant(call), mutated([body], 3), cuts));

let session: ClientHttp2Session | undefined;

/** One connection for all runs, as long as it holds. */
async function sharedSession(): Promise<ClientHttp2Session> {
  if (session && !session.closed && !session.destroyed) return session;
  const { port } = await sharedHub();
  session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  session.unref();
  return session;
}

/** The same from all the bytes at once. */
function boundsIn(bytes: Buffer) {
  let whole = 0;
  for (;;) {
    const length = bytes.length < PREFIX_BYTES ? Number.POSITIVE_INFINITY : bytes.readUInt32BE(1);
    if (bytes.length < PREFIX_BYTES + length) return { whole, partial: bytes.length };
    bytes = bytes.subarray(PREFIX_BYTES + length);
    whole += 1;
  }
}

export const grpcTargets = [
  target(
    'messages of a stream of gRPC, wherever they are cut',
    fc.tuple(mutated(CALLS.map(({ body }) => body)), cuts),
    ([text, at]) => {
      const bytes = Buffer.from(text, 'latin1');
      const bounds = new MessageBounds();
      for (const piece of piecesOf(bytes, at)) bounds.add(piece);
      assert.deepEqual({ whole: bounds.whole, partial: bounds.partial }, boundsIn(bytes));
    },
  ),
  target(
    'calls of gRPC, gRPC-Web and Connect on the wire',
    call,
    async ([{ method, contentType }, body, at]) => {
      const { faults } = await sharedHub();
      const stream = (await sharedSession()).request({
        ':method': 'POST',
        ':path': `/fanwire.v1.Hub/${method}`,
        'content-type': contentType,
        te: 'trailers',
      });
      stream.on('error', () => {});
      stream.setTimeout(SILENCE_MS, () => stream.close(constants.NGHTTP2_CANCEL));
      stream.resume();
      let status: number | undefined;
      stream.on('response', (head) => {
        status = head[':status'];
      });
      for (const piece of piecesOf(Buffer.from(body, 'latin1'), at)) stream.write(piece);
      stream.end();
      await once(stream, 'close');
      assert.deepEqual(faults, [], 'the hub reported faults');
      if (status !== undefined) assert.ok(status < 500, `${status}`);
    },
    0.015,
  ),
];
