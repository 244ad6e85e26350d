import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { memoryLog } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { lateLog } from '../support/late-log.ts';
import { openRawSocket } from '../support/raw-socket.ts';

const STREAM = 'GET /channels/scores HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n';

function publishOf(value: number): string {
  const head = 'POST /channels/scores HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
  return `${head}Content-Length: 1\r\n\r\n${value}`;
}

test('requests sent ahead are answered one after another', async (t) => {
  const { hub, port, url } = await startHub(t, { log: lateLog(memoryLog()) });
  await hub.publish('scores', 0);
  const socket = openRawSocket(t, port);
  socket.write([1, 2, 3, 4].map(publishOf).join('') + STREAM);
  for (let count = 1; count <= 4; count++) assert.match(await socket.readThrough('"}'), /^HTTP\/1\.1 201 /);
  assert.match(await socket.readThrough('\n\n'), /text\/event-stream/);
  const { messages } = (await send(`${url}/channels/scores?after=start`)).json();
  assert.deepEqual(
    messages.map(({ data }: { data: number }) => data),
    [0, 1, 2, 3, 4],
  );
});

test('what was sent ahead behind a stream is forgotten with its connection', async (t) => {
  const { hub, port, url } = await startHub(t, { limits: { connectionsPerAddress: 2 } });
  for (let round = 0; round < 3; round++) {
    const socket = openRawSocket(t, port);
    socket.write(STREAM.repeat(5));
    await socket.readThrough('id: ');
    socket.destroy();
    while (hub.connections().length > 0) await turn();
  }
  assert.equal((await send(`${url}/channels/scores`)).status, 200);
});
