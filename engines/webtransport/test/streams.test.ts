import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { WebTransportError } from '../src/client/index.ts';
import { HIGH_WATER_BYTES } from '../src/send-stream.ts';
import { next, readAll, writeAll } from './support/reading.ts';
import { startServing } from './support/serving.ts';

const MESSAGES = 1_000;
const LARGE_BYTES = 200_006;
const CODE = 42;

test('1,000 messages on a stream of the server’s arrive in their order', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const stream = (await accepted()).openUnidirectional();
  const lines = Array.from({ length: MESSAGES }, (_, index) => `message ${index}\n`);
  for (const line of lines) stream.write(Buffer.from(line));
  stream.end();
  const received = await readAll(await next(client.incomingUnidirectionalStreams));
  assert.equal(received.toString(), lines.join(''));
});

test('a stream of both directions gives back what was written to it', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const session = await accepted();
  session.onstream = (readable, writable) => {
    readable.ondata = (bytes) => {
      if (!writable!.write(bytes)) readable.pause();
    };
    writable!.ondrain = () => readable.resume();
    readable.onend = () => writable!.end();
  };
  const bytes = randomBytes(LARGE_BYTES);
  const { readable, writable } = await client.createBidirectionalStream();
  const [received] = await Promise.all([readAll(readable), writeAll(writable, bytes)]);
  assert.ok(received.equals(bytes), `${received.length} bytes`);
});

test('a stream of both directions that the server opens works like one of the client’s', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const { readable, writable } = (await accepted()).openBidirectional();
  const answered = new Promise<string>((resolve) => {
    readable.ondata = (bytes) => resolve(Buffer.from(bytes).toString());
  });
  writable.write(Buffer.from('question'));
  writable.end();
  const stream = await next(client.incomingBidirectionalStreams);
  assert.equal((await readAll(stream.readable)).toString(), 'question');
  await writeAll(stream.writable, Buffer.from('answer'));
  assert.equal(await answered, 'answer');
});

test('a client that reads nothing holds the server’s writer up, and gets everything once it reads', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const stream = (await accepted()).openUnidirectional();
  const chunk = randomBytes(16 * 1024);
  const total = 24 * 1024 * 1024;
  let written = 0;
  const fill = () => {
    while (written < total) {
      written += chunk.length;
      if (!stream.write(chunk)) return false;
    }
    return true;
  };
  let full = () => {};
  const isFull = new Promise<void>((resolve) => {
    full = resolve;
  });
  /** Drains that come while nobody reads are of what the windows and buffers on the way hold. */
  const most = 8 * 1024 * 1024;
  stream.ondrain = () => {
    assert.ok(written < most, 'the writer is held up');
    fill();
  };
  fill();
  void full;
  void isFull;
  const readable = await next(client.incomingUnidirectionalStreams);
  const reader = readable.getReader();
  const first = await reader.read();
  assert.ok(first.value!.length > 0);
  // Datagrams overtake streams: when ten have come back, whatever the windows allow has been sent.
  stream.ondrain = () => {
    if (fill()) stream.end();
  };
  let received = first.value!.length;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    received += value.length;
  }
  assert.equal(received, written);
});

test('a client’s code for a stream that it wants no more of reaches the server', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const stream = (await accepted()).openUnidirectional();
  const stopped = new Promise<number>((resolve) => {
    stream.onstop = resolve;
  });
  stream.write(Buffer.from('something'));
  const readable = await next(client.incomingUnidirectionalStreams);
  await readable.cancel(new WebTransportError('enough', { streamErrorCode: CODE }));
  assert.equal(await stopped, CODE);
  assert.equal(stream.write(Buffer.from('more')), false);
});

test('a client’s code for a stream that it gives up reaches the server', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const session = await accepted();
  const reset = new Promise<number>((resolve) => {
    session.onstream = (readable) => {
      readable.onreset = resolve;
    };
  });
  const writer = (await client.createUnidirectionalStream()).getWriter();
  await writer.write(Buffer.from('something'));
  await writer.abort(new WebTransportError('never mind', { streamErrorCode: CODE }));
  assert.equal(await reset, CODE);
});

test('the server’s codes for streams reach the client', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const session = await accepted();
  session.onstream = (readable) => readable.stop(CODE);
  const writer = (await client.createUnidirectionalStream()).getWriter();
  await writer.write(Buffer.from('something'));
  await assert.rejects(writer.closed, { name: 'WebTransportError', streamErrorCode: CODE });

  const stream = session.openUnidirectional();
  stream.write(Buffer.from('something'));
  const reader = (await next(client.incomingUnidirectionalStreams)).getReader();
  await reader.read();
  stream.reset(CODE + 1);
  await assert.rejects(reader.closed, { name: 'WebTransportError', streamErrorCode: CODE + 1 });
});

test('a writer that does not wait is stopped by the limit', async (t) => {
  const most = 2 * HIGH_WATER_BYTES;
  const { connect, accepted } = await startServing(t, { limits: { queuedBytesPerStream: most } });
  await connect();
  const stream = (await accepted()).openUnidirectional();
  stream.write(new Uint8Array(HIGH_WATER_BYTES - 1));
  assert.equal(stream.write(new Uint8Array(1)), false);
  stream.write(new Uint8Array(most));
  assert.throws(() => stream.write(new Uint8Array(1)), /bytes wait in the stream/);
});
