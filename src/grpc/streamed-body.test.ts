import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Code } from '@connectrpc/connect';
import { Hub } from '../hub/hub.ts';
import { memoryLog } from '../log/memory/memory-log.ts';
import { LOOK_SECONDS } from '../server/received-body.ts';
import type { NodeExchange } from './call.ts';
import { prefixed } from './envelope.ts';
import { StreamedBody } from './streamed-body.ts';

const KIB = 1024;

/** A body whose parts the test sends, and that is read on as soon as one has been taken. */
function openBody(t: TestContext) {
  const hub = new Hub(memoryLog(), { limits: { bodyBytesPerSecond: KIB } });
  t.after(async () => {
    body.release();
    assert.equal(hub.received.total, 0, 'everything is given back');
    await hub.close();
  });
  const request = new PassThrough();
  const caller = { network: '10.0.0.1', access: hub.anonymous };
  const body = new StreamedBody({ hub, caller, carrier: { request } } as unknown as NodeExchange);
  const parts = body[Symbol.asyncIterator]();
  let ended: Code | undefined;
  const ask = () => {
    const next = parts.next();
    next.catch((error) => {
      ended = error.code;
    });
    return next;
  };
  let next = ask();
  return {
    hub,
    body,
    /** Sends one part and takes it. */
    async send(part: Uint8Array) {
      request.write(part);
      await next;
      next = ask();
      await turn();
    },
    /** As `send`, but asks for no more. */
    async sendLast(part: Uint8Array) {
      request.write(part);
      await next;
    },
    look() {
      for (let second = 0; second < LOOK_SECONDS; second++) hub.wheel.turn();
    },
    /** What it has ended with, unless it still waits for more. */
    async end() {
      await turn();
      return ended;
    },
  };
}

test('a message that keeps its pace may take as long as it needs', async (t) => {
  const { send, look, end } = openBody(t);
  const message = prefixed(Buffer.alloc(60 * KIB));
  await send(message.subarray(0, 3));
  for (let at = 3; at < message.length; at += 10 * KIB) {
    look();
    await send(message.subarray(at, at + 10 * KIB));
  }
  for (let count = 0; count < 5; count++) look();
  assert.equal(await end(), undefined, 'and then it rests');
});

test('a message that falls behind its pace is refused at the second look', async (t) => {
  const { send, look, end } = openBody(t);
  await send(prefixed(Buffer.alloc(60 * KIB)).subarray(0, 5));
  look();
  await send(Buffer.alloc(10 * KIB - 1));
  assert.equal(await end(), undefined);
  look();
  assert.equal(await end(), Code.DeadlineExceeded);
});

test('a message is not taken for a slow one because another was as long at the look before', async (t) => {
  const { send, look, end } = openBody(t);
  const message = prefixed(Buffer.alloc(100));
  await send(message.subarray(0, 50));
  for (let count = 0; count < 4; count++) {
    look();
    await send(Buffer.concat([message.subarray(50), message.subarray(0, 50)]));
  }
  assert.equal(await end(), undefined);
});

test('a client that the hub does not read from is not slow', async (t) => {
  const { body, sendLast, look } = openBody(t);
  const message = prefixed(Buffer.alloc(100));
  await sendLast(Buffer.concat([message, message.subarray(0, 50)]));
  for (let count = 0; count < 4; count++) look();
  assert.ok(body.planned, 'it is looked at again');
});

test('what has been dealt with is given back, but not what has begun', async (t) => {
  const { hub, body, send } = openBody(t);
  const message = prefixed(Buffer.alloc(100));
  await send(Buffer.concat([message, message, message.subarray(0, 20)]));
  assert.equal(hub.received.total, 230);
  body.handled();
  assert.equal(hub.received.total, 20);
});

test('a message is refused by the length that it declares, once those before it have been dealt with', async (t) => {
  const { body, send, end } = openBody(t);
  body.maxBytes = () => 100;
  const large = prefixed(Buffer.alloc(101));
  await send(Buffer.concat([prefixed(Buffer.alloc(100)), large.subarray(0, 5)]));
  assert.equal(await end(), undefined);
  await send(large.subarray(5, 6)).catch(() => {});
  assert.equal(await end(), Code.ResourceExhausted);
});

test('what is still waited for ends with the call', async (t) => {
  const { body, end } = openBody(t);
  body.release();
  assert.equal(await end(), Code.Canceled);
});
