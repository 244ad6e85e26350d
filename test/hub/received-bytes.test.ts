import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startHub } from '../support/hub.ts';
import { metricsOf, metricValue } from '../support/metrics.ts';
import { onEnd } from '../support/on-end.ts';
import { OPCODE, openRawWebSocket } from '../support/raw-websocket.ts';
import { answerTo, connectSdk, postFrames } from './support/sdk.ts';

const HALF = 300_000;

async function heldAt(url: string): Promise<number> {
  return metricValue(await metricsOf(url), /_received_bytes$/);
}

/** Resolves once the hub holds as much as it should. */
async function untilHeld(url: string, holds: (bytes: number) => boolean): Promise<void> {
  while (!holds(await heldAt(url))) await turn();
}

for (const [endpoint, path] of [
  ['a channel', '/channels/a'],
  ['the SDK’s endpoint', '/connect'],
] as const) {
  test(`at ${endpoint} messages that are not whole yet have one share, and who goes beyond is told`, async (t) => {
    const limits = { receivedBytesPerAddress: 2 * HALF };
    const { url, port } = await startHub(t, { limits });
    const sockets = await Promise.all([1, 2, 3].map(() => openRawWebSocket(t, port, path)));
    const [first, second, third] = sockets as [(typeof sockets)[0], (typeof sockets)[0], (typeof sockets)[0]];
    first.write(OPCODE.text, 'x'.repeat(HALF - 1000), { fin: false });
    second.write(OPCODE.text, 'x'.repeat(HALF - 1000), { fin: false });
    await untilHeld(url, (bytes) => bytes > 2 * (HALF - 70_000));
    third.write(OPCODE.text, 'x'.repeat(HALF), { fin: false });
    const { payload } = await third.readFrameOf(OPCODE.close);
    assert.deepEqual([payload.readUInt16BE(), String(payload.subarray(2))], [1013, 'hub_busy']);
    first.socket.destroy();
    second.socket.destroy();
    await untilHeld(url, (bytes) => bytes === 0);
  });
}

test('control frames between the parts of a message neither count nor hide what counts', async (t) => {
  const { url, port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/a');
  socket.write(OPCODE.text, `"${'x'.repeat(HALF)}`, { fin: false });
  await untilHeld(url, (bytes) => bytes > HALF - 70_000);
  const before = await heldAt(url);
  // One at a time, as `ws` ends a connection with 60 pongs that nobody has taken.
  for (let count = 0; count < 1000; count++) {
    socket.write(OPCODE.ping, 'x'.repeat(100));
    await socket.readFrameOf(OPCODE.pong);
  }
  assert.equal(await heldAt(url), before);
  socket.write(OPCODE.continuation, '"');
  await socket.readFrameOf(OPCODE.text);
  await untilHeld(url, (bytes) => bytes === 0);
});

test('publishes that wait for their turn hold no more than a connection may', async (t) => {
  const receivedBytesPerConnection = 100_000;
  const { url } = await startHub(t, { limits: { publishesPerSecond: 1, receivedBytesPerConnection } });
  const { socket, send, nextOf } = await connectSdk(t, url);
  const data = 'x'.repeat(receivedBytesPerConnection);
  for (let ref = 1; ref <= 20; ref++) send({ ref, publish: { channel: 'a', data } });
  // Those within the burst are in the log, the next one waits, and the one behind it is not read.
  await nextOf('ok');
  await nextOf('ok');
  await untilHeld(url, (bytes) => bytes > 0);
  assert.ok((await heldAt(url)) < 3 * receivedBytesPerConnection);
  socket.terminate();
  await untilHeld(url, (bytes) => bytes === 0);
});

test('frames behind an answer that nobody takes wait, over every stream', async (t) => {
  const answered = { count: 0 };
  const requests = {
    much() {
      answered.count += 1;
      return 'x'.repeat(300_000);
    },
  };
  const { url, port } = await startHub(t, { requests });
  const frames = Array.from({ length: 300 }, (_, ref) => ({ ref, request: { method: 'much' } }));
  for (const accept of ['text/event-stream', 'application/x-ndjson']) {
    answered.count = 0;
    const body = JSON.stringify([{ hello: { client: 'client-of-a-test' } }, ...frames]);
    const socket = connect(port, '127.0.0.1');
    onEnd(t, () => socket.destroy());
    socket.write(
      `POST /connect HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n` +
        `Accept: ${accept}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await once(socket, 'readable');
    // A round trip of somebody else's: whatever the hub does at once for the first client, it has done.
    for (let trips = 0; trips < 20; trips++) await heldAt(url);
    assert.ok(answered.count < 80, `${answered.count} answers were made for nobody`);
    socket.resume();
    while (answered.count < frames.length) await turn();
    socket.destroy();
  }
});

test('an answer in JSON that is full refuses what would make it larger, and still publishes', async (t) => {
  const { url } = await startHub(t, { requests: { much: () => 'x'.repeat(200_000) } });
  const asked = [1, 2, 3, 4].map((ref) => ({ ref, request: { method: 'much' } }));
  const answer = await postFrames(url, [
    ...asked,
    { ref: 5, presence: { channel: 'a' } },
    { ref: 6, publish: { channel: 'a', data: 1 } },
  ]);
  assert.ok(answerTo(1, answer).ok.data);
  assert.equal(answerTo(5, answer).error.code, 'answer_full');
  assert.ok(answerTo(6, answer).ok.id);
});

test('a stranger sends little in one frame until a token is shown', async (t) => {
  const limits = { strangerBytes: 1000 };
  const authorise = { secret: 's'.repeat(32) };
  const { url } = await startHub(t, {
    limits,
    authorise,
    channels: { open: { read: 'anyone', publish: 'anyone' } },
  });
  const { send, closed } = await connectSdk(t, url);
  send({ ref: 1, publish: { channel: 'open', data: 'x'.repeat(1000) } });
  assert.deepEqual(await closed, { code: 1009, reason: 'message_too_large' });
  const plain = new WebSocket(`${url.replace('http', 'ws')}/channels/open`);
  t.after(() => plain.terminate());
  plain.on('open', () => plain.send(JSON.stringify('x'.repeat(1000))));
  assert.equal(await new Promise((resolve) => plain.on('close', resolve)), 1009);
});
