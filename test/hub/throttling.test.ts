import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createHub, type HubOptions } from '../../src/index.ts';
import { onEnd } from '../support/on-end.ts';

/** A WebSocket, and the hub's end of its connection. */
async function connect(t: TestContext, path: string, options: HubOptions = {}) {
  const hub = createHub(options);
  const server = createServer();
  hub.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  onEnd(t, async () => {
    client.terminate();
    await hub.close({ drainMs: 0 });
    server.close();
  });
  await once(client, 'open');
  const [socket] = (await accepted) as [Socket];
  return { client, socket };
}

const FRAMES = 40_000;
const FRAME = JSON.stringify('x'.repeat(100));

for (const [endpoint, path] of [
  ['a channel', '/channels/a'],
  ['the SDK’s endpoint', '/connect'],
] as const) {
  test(`at ${endpoint} no more is read than may be in flight, however much a client sends`, async (t) => {
    const { client, socket } = await connect(t, path, { limits: { publishesPerSecond: 200 } });
    let answers = 0;
    const answered = new Promise<void>((resolve) => {
      client.on('message', (bytes) => {
        if (/"(ack|ok)":/.test(String(bytes))) answers += 1;
        if (answers === 500) resolve();
      });
    });
    if (path === '/connect') client.send('{"hello":{"client":"client-of-a-test"}}');
    for (let ref = 0; ref < FRAMES; ref++) {
      client.send(path === '/connect' ? `{"ref":${ref},"publish":{"channel":"a","data":${FRAME}}}` : FRAME);
    }
    await answered;
    assert.ok(socket.bytesRead < 500_000, `${socket.bytesRead} bytes were read for 500 answers`);
  });
}

test('who does not read its answers is not read from, until it does', async (t) => {
  const { client, socket } = await connect(t, '/connect');
  client.send('{"hello":{"client":"client-of-a-test"}}');
  await once(client, 'message');
  client.pause();
  const presence = (ref: number) => JSON.stringify({ ref, presence: { channel: 'not a name' } });
  for (let ref = 1; ref <= FRAMES; ref++) client.send(presence(ref));
  while (!socket.isPaused()) await turn();
  assert.ok(socket.writableLength < 1_000_000, `${socket.writableLength} bytes wait for the client`);
  let last = 0;
  const allAnswered = new Promise<void>((resolve) => {
    client.on('message', (bytes) => {
      const { ref } = JSON.parse(String(bytes));
      assert.equal(ref, last + 1);
      last = ref;
      if (last === FRAMES) resolve();
    });
  });
  client.resume();
  await allAnswered;
});
