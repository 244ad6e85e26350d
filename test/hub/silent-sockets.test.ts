import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openResponse, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { assertProblem } from '../support/problem.ts';

/** As many as one address may have requests open, and those that could be told why they are too many. */
const LIMIT = 10;
const MAX_SOCKETS = LIMIT + 64;

/** A socket that sends nothing. */
async function openSocket(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  onEnd(t, async () => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

test('connections that send no request count for their address, and those beyond are closed', async (t) => {
  const { url, port } = await startHub(t, { limits: { connectionsPerAddress: LIMIT } });
  const silent: Socket[] = [];
  for (let opened = 0; opened < MAX_SOCKETS; opened++) silent.push(await openSocket(t, port));
  const beyond = await openSocket(t, port);
  await once(beyond, 'close');
  assert.ok(silent.every(({ closed }) => !closed));

  for (const socket of silent) socket.destroy();
  const headers = { accept: 'application/x-ndjson' };
  const streams: IncomingMessage[] = [];
  while (streams.length < LIMIT) {
    // Until the hub has heard of their end it closes what comes.
    const stream = await openResponse(`${url}/channels/a`, { headers }).catch(() => undefined);
    if (stream) streams.push(stream);
  }
  // Their places are free again, and whoever asks for too much is told.
  assertProblem(await send(`${url}/channels/a`), 429, 'too_many_connections');
  for (const stream of streams) stream.destroy();
});

test('the sockets of a proxy are those of all its clients', async (t) => {
  const { url, port } = await startHub(t, { trustProxy: true, limits: { connectionsPerAddress: LIMIT } });
  const silent: Socket[] = [];
  for (let opened = 0; opened < 2 * MAX_SOCKETS; opened++) silent.push(await openSocket(t, port));
  assert.equal((await send(`${url}/channels/a`)).status, 200);
  assert.ok(silent.every(({ closed }) => !closed));
});
