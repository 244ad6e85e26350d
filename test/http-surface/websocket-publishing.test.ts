import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { OPCODE, openRawWebSocket } from '../support/raw-websocket.ts';

/** Opens a plain WebSocket and collects what it is answered, messages and heartbeats aside. */
async function openPublisher(url: string, names: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/${names}`);
  await once(socket, 'open');
  const answers: Record<string, { id: string; code: string }>[] = [];
  socket.on('message', (bytes: Buffer, binary) => {
    if (binary) return;
    const frame = JSON.parse(bytes.toString());
    if ('ack' in frame || 'error' in frame) answers.push(frame);
    if (answers.length === wanted) arrived();
  });
  let wanted = Number.NaN;
  let arrived = () => {};
  return {
    socket,
    async answers(count: number) {
      wanted = count;
      if (answers.length < count) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
      return answers;
    },
  };
}

async function read(url: string, channel = 'scores') {
  return (await send(`${url}/channels/${channel}?after=start`)).json().messages;
}

test('a frame that a client sends is published and acknowledged with its id', async (t) => {
  const { url } = await startHub(t);
  const { socket, answers } = await openPublisher(url, 'scores');
  socket.send('{"home": 1}');
  const [answer] = await answers(1);
  const [message] = await read(url);
  assert.deepEqual(answer, { ack: { id: message.id } });
  assert.deepEqual(message.data, { home: 1 });
  socket.terminate();
});

test('frames sent without waiting are published and acknowledged in order', async (t) => {
  const { url } = await startHub(t);
  const { socket, answers } = await openPublisher(url, 'scores');
  const values = Array.from({ length: 500 }, (_, index) => index);
  for (const value of values) socket.send(JSON.stringify(value));
  const ids = (await answers(values.length)).map(({ ack }) => ack?.id);
  const messages = await read(url);
  assert.deepEqual(
    messages.map(({ id, data }: { id: string; data: unknown }) => [id, data]),
    values.map((value) => [ids[value], value]),
  );
  socket.terminate();
});

test('a binary frame is published as bytes', async (t) => {
  const { url } = await startHub(t);
  const { socket, answers } = await openPublisher(url, 'scores');
  socket.send(new Uint8Array([0, 255]));
  await answers(1);
  const [message] = await read(url);
  assert.deepEqual([message.data, message.encoding], ['AP8=', 'base64']);
  socket.terminate();
});

test('a frame in fragments is one message', async (t) => {
  const { url, port } = await startHub(t);
  const socket = await openRawWebSocket(t, port, '/channels/scores');
  await socket.readFrame();
  socket.write(OPCODE.text, '{"a":', { fin: false });
  socket.write(OPCODE.ping, 'between');
  socket.write(OPCODE.continuation, '1}', { fin: true });
  await socket.readFrameOf(OPCODE.text);
  assert.deepEqual((await read(url))[0].data, { a: 1 });
});

test('a frame that is not JSON is answered with an error in its place, and the connection lives', async (t) => {
  const { url } = await startHub(t);
  const { socket, answers } = await openPublisher(url, 'scores');
  socket.send('1');
  socket.send('{oops');
  socket.send('3');
  const [first, second, third] = await answers(3);
  assert.ok(first?.ack?.id && third?.ack?.id);
  assert.equal(second?.error?.code, 'invalid_json');
  assert.equal((await read(url)).length, 2);
  socket.terminate();
});

test('a connection that reads several channels cannot say which to publish to', async (t) => {
  const { url } = await startHub(t);
  const { socket, answers } = await openPublisher(url, 'a,b');
  socket.send('1');
  const [answer] = await answers(1);
  assert.equal(typeof answer?.error?.code, 'string');
  assert.equal((await read(url, 'a,b')).length, 0);
  socket.terminate();
});

test('publishing faster than the limit is held back, and nothing is refused or lost', async (t) => {
  const { url } = await startHub(t, { limits: { publishesPerSecond: 50 } });
  const { socket, answers } = await openPublisher(url, 'scores');
  // A burst of twice the rate passes at once; the rest waits its turn.
  for (let index = 0; index < 110; index++) socket.send(String(index));
  assert.ok((await answers(110)).every(({ ack }) => ack));
  assert.equal((await read(url)).length, 110);
  socket.terminate();
});
