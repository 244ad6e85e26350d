import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createHub, memoryLog } from '../../src/index.ts';
import { openResponse, post, readAnswer, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { lateLog } from '../support/late-log.ts';
import { watchOccupancy } from '../support/occupancy.ts';
import { assertProblem } from '../support/problem.ts';
import { OPCODE, openRawWebSocket } from '../support/raw-websocket.ts';
import { connectSdk, postFrames } from './support/sdk.ts';

test('the SDK’s clients are told to move, and by when, before they are closed', async (t) => {
  const { hub, url } = await startHub(t);
  const sdk = await connectSdk(t, url);
  const closing = hub.close({ drainMs: 50 });
  assert.deepEqual(await sdk.next(), { move: { withinMs: 50 } });
  assert.deepEqual(await sdk.closed, { code: 1012, reason: 'draining' });
  await closing;
});

test('streams end cleanly, and parked requests are answered', async (t) => {
  const occupancy = watchOccupancy();
  const { hub, url } = await startHub(t, occupancy.options);
  const streams = await Promise.all(
    ['text/event-stream', 'application/x-ndjson'].map((accept) =>
      openResponse(`${url}/channels/a`, { headers: { accept } }),
    ),
  );
  const occupied = occupancy.occupied();
  const parked = send(`${url}/channels/b?wait=30`);
  await occupied;
  const sdkOccupied = occupancy.occupied();
  const sdkParked = postFrames(url, [{ ref: 1, subscribe: { channel: 'c' } }], { wait: 30 });
  await sdkOccupied;

  const { id } = await hub.publish('a', 'last words');
  await hub.close({ drainMs: 20 });
  for (const stream of streams) assert.match((await readAnswer(stream)).text, new RegExp(id));
  const { messages, position } = (await parked).json();
  assert.deepEqual(messages, []);
  assert.match(position, /^\w+\.\d+$/);
  assert.ok((await sdkParked).json().some((frame: { ref?: number }) => frame.ref === 1));
});

test('meanwhile others are sent elsewhere, over a connection they kept too', async (t) => {
  const hub = createHub({ monitoring: true });
  const server = createServer();
  t.after(() => server.closeAllConnections());
  hub.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const stream = await openResponse(`${url}/channels/a`, { headers: { accept: 'text/event-stream' } });

  // The drain's time is over when the test says so.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const closing = hub.close({ drainMs: 200 });
  const refused = await post(url, 'a', 1);
  assertProblem(refused, 503, 'draining');
  assert.equal(refused.headers['retry-after'], '1');
  const health = await send(`${url}/healthz`);
  assert.deepEqual([health.status, health.json().status], [503, 'draining']);
  const { head } = await openRawWebSocket(t, port, '/channels/a');
  assert.match(head, /^HTTP\/1\.1 503 /);
  t.mock.timers.tick(200);
  t.mock.timers.reset();
  await readAnswer(stream);
  await closing;
  server.close();
});

test('whoever asks to close it again waits for the same end', async (t) => {
  const { hub, url } = await startHub(t);
  await connectSdk(t, url);
  const first = hub.close({ drainMs: 50 });
  await hub.close();
  assert.deepEqual(hub.connections(), []);
  await first;
});

test('a client that does not answer a close does not keep it from ending', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/a');
  await socket.readFrame();
  await hub.close({ drainMs: 0 });
  assert.equal((await socket.readFrameOf(OPCODE.close)).payload.readUInt16BE(0), 1012);
  await socket.socket.readAll();
});

test('a hub that never listened closes too', async () => {
  await createHub().close();
});

test('a publish on its way into the log is answered first', async (t) => {
  const publishes = new EventEmitter();
  const { hub, url } = await startHub(t, {
    log: lateLog(memoryLog()),
    async beforePublish() {
      publishes.emit('begun');
      await once(publishes, 'goOn');
      return undefined;
    },
  });
  const begun = once(publishes, 'begun');
  const answer = post(url, 'a', 1);
  await begun;
  const closing = hub.close({ drainMs: 0 });
  setImmediate(() => publishes.emit('goOn'));
  assert.equal((await answer).status, 201);
  await closing;
});
