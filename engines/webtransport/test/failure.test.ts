import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../src/index.ts';
import { LOST } from '../src/session.ts';
import { writeAll } from './support/reading.ts';
import { selfSigned } from './support/self-signed.ts';
import { startServing } from './support/serving.ts';

test('an engine whose thread ends loses its sessions, and serves again on the same port', async (t) => {
  const { server, connect, accepted, failed } = await startServing(t);
  const { port } = server;
  for (let round = 0; round < 2; round++) {
    const client = await connect();
    const session = await accepted();
    const closed = new Promise<number>((resolve) => {
      session.onclose = resolve;
    });
    await server.kill();
    assert.match(String(await failed()), /thread of the engine ended/);
    assert.equal(await closed, LOST);
    assert.equal(server.port, port);

    await connect();
    await accepted();
    // The engine that is there now says that it knows nothing of the connection.
    const written = client
      .createUnidirectionalStream()
      .then((stream) => writeAll(stream, Buffer.alloc(1_000)));
    await assert.rejects(client.closed, /Connection lost.*stateless reset/);
    await written.catch(() => {});
  }
});

test('an engine that is closed while it starts again leaves the port', async (t) => {
  const { server, failed } = await startServing(t);
  await server.kill();
  await failed();
  await server.close();
  const options = { ...selfSigned(), host: '127.0.0.1', onSession() {}, onError() {} };
  const next = await serve({ ...options, port: server.port });
  await next.close();
});

test('a port that is taken is an error of the system’s', async (t) => {
  const { server } = await startServing(t);
  const options = { ...selfSigned(), host: '127.0.0.1', onSession() {}, onError() {} };
  await assert.rejects(serve({ ...options, port: server.port }), { code: 'EADDRINUSE' });
});
