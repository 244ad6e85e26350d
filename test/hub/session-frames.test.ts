import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { memoryLog } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { lateLog } from '../support/late-log.ts';
import { answerTo, postFrames } from './support/sdk.ts';

test('a connection that did not begin with hello is refused once, and nothing behind it is done', async (t) => {
  const { url } = await startHub(t);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/connect`);
  t.after(() => socket.terminate());
  const frames: { error?: { code: string } }[] = [];
  socket.on('message', (bytes) => frames.push(JSON.parse(String(bytes))));
  await once(socket, 'open');
  socket.send('{"ping":1}');
  socket.send('{"hello":{"client":"client-of-a-test"}}');
  socket.send('{"ref":1,"publish":{"channel":"a","data":1}}');
  const [code] = await once(socket, 'close');
  assert.equal(code, 4400);
  assert.deepEqual(
    frames.map(({ error }) => error?.code),
    ['invalid_frame'],
  );
  assert.deepEqual((await send(`${url}/channels/a?after=start`)).json().messages, []);
});

test('a long poll answers every frame, though the first channel has messages at once', async (t) => {
  const { hub, url } = await startHub(t, { log: lateLog(memoryLog()) });
  for (const channel of ['busy', 'quiet']) await hub.publish(channel, channel);
  const subscribe = (ref: number, channel: string) => ({ ref, subscribe: { channel, after: 'start' } });
  for (let poll = 0; poll < 5; poll++) {
    const answer = await postFrames(url, [subscribe(1, 'busy'), subscribe(2, 'quiet')], { wait: 30 });
    for (const ref of [1, 2]) assert.ok(answerTo(ref, answer)?.ok, `frame ${ref} of poll ${poll}`);
    const channels = answer.json().flatMap(({ channel }: { channel?: string }) => channel ?? []);
    assert.deepEqual(channels, ['busy', 'quiet']);
  }
});
