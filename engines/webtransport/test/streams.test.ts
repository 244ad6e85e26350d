import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type WebTransport, WebTransportError } from '../src/client/index.ts';
import type { ReceiveStream } from '../src/receive-stream.ts';
import { HIGH_WATER_BYTES } from '../src/send-stream.ts';
import { echo } from './support/echo.ts';
import { next, readAll, writeAll } from './support/reading.ts';
import { queue, startServing } from './support/serving.ts';

const MESSAGES = 1_000;
const LARGE_BYTES = 200_006;
const CODE = 42;
const MANY_BYTES = 24 * 1024 * 1024;
const CHUNK = randomBytes(16 * 1024);
/** More than fits in QUIC's windows and in the queues of both ends. */
const WINDOWS_BYTES = 4 * 1024 * 1024;
/** Round trips without a change, after which none is to be expected. */
const STEADY_TRIPS = 30;

/** Waits until `measure` has stayed the same for a while. The clock is what goes to the server and back. */
async function untilSteady(client: WebTransport, measure: () => number): Promise<void> {
  for (let trips = 0, last = measure(); trips < STEADY_TRIPS; trips++) {
    const { readable, writable } = await client.createBidirectionalStream();
    await Promise.all([readAll(readable), writeAll(writable, Buffer.from('tick'))]);
    if (measure() !== last) trips = 0;
    last = measure();
  }
}

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
  session.onstream = echo;
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
  const session = await accepted();
  session.onstream = echo;
  const stream = session.openUnidirectional();
  let written = 0;
  const fill = () => {
    while (written < MANY_BYTES) {
      written += CHUNK.length;
      if (!stream.write(CHUNK)) return;
    }
    stream.end();
  };
  stream.ondrain = fill;
  fill();
  const readable = await next(client.incomingUnidirectionalStreams);
  await untilSteady(client, () => written);
  assert.ok(written <= WINDOWS_BYTES, `${written} bytes were taken`);
  assert.equal((await readAll(readable)).length, MANY_BYTES);
});

test('a server that pauses holds the client’s writer up, and gets everything once it resumes', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const session = await accepted();
  const came = new Promise<ReceiveStream>((resolve) => {
    session.onstream = (readable, writable) => {
      if (writable) return echo(readable, writable);
      readable.pause();
      resolve(readable);
    };
  });
  let written = 0;
  const writer = (await client.createUnidirectionalStream()).getWriter();
  const all = (async () => {
    while (written < MANY_BYTES) {
      written += CHUNK.length;
      await writer.write(CHUNK);
    }
    await writer.close();
  })();
  const readable = await came;
  let received = 0;
  readable.ondata = ({ length }) => {
    received += length;
  };
  await untilSteady(client, () => written);
  assert.ok(written <= WINDOWS_BYTES, `${written} bytes were taken`);
  assert.equal(received, 0);
  const ended = new Promise<void>((resolve) => {
    readable.onend = resolve;
  });
  readable.resume();
  await Promise.all([all, ended]);
  assert.equal(received, MANY_BYTES);
});

test('a reader may pause within a chunk, with the end behind it', async (t) => {
  const { connect, accepted } = await startServing(t);
  const client = await connect();
  const session = await accepted();
  const read: string[] = [];
  const ended = new Promise<void>((resolve) => {
    session.onstream = (readable) => {
      readable.pause();
      readable.ondata = (bytes) => {
        read.push(Buffer.from(bytes).toString());
        readable.pause();
        setImmediate(() => readable.resume());
      };
      readable.onend = () => {
        read.push('end');
        resolve();
      };
      setImmediate(() => readable.resume());
    };
  });
  const writer = (await client.createUnidirectionalStream()).getWriter();
  for (const word of ['one ', 'two ', 'three ']) await writer.write(Buffer.from(word));
  await writer.close();
  await ended;
  assert.equal(read.join(''), 'one two three end');
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
  const came = queue<Uint8Array>();
  const reset = queue<number>();
  session.onstream = (readable) => {
    readable.ondata = came.put;
    readable.onreset = reset.put;
  };
  const writer = (await client.createUnidirectionalStream()).getWriter();
  await writer.write(Buffer.from('something'));
  // A stream that is given up before it was seen may never be.
  await came.take();
  await writer.abort(new WebTransportError('never mind', { streamErrorCode: CODE }));
  assert.equal(await reset.take(), CODE);
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
