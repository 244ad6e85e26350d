import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { openResponse, send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';

const headers = { accept: 'text/event-stream' };

/** Reads a stream with a parser that is not ours until it has so many events. */
async function readEvents(url: string, count: number, more: Record<string, string> = {}) {
  const response = await openResponse(url, { headers: { ...headers, ...more } });
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const errors: unknown[] = [];
  let retry: number | undefined;
  let text = '';
  const parser = createParser({
    onEvent(event) {
      if (event.event !== 'position') events.push(event);
    },
    onComment: (comment) => comments.push(comment),
    onRetry: (ms) => {
      retry = ms;
    },
    onError: (error) => errors.push(error),
  });
  const decoder = new TextDecoder();
  for await (const chunk of response) {
    const piece = decoder.decode(chunk, { stream: true });
    text += piece;
    parser.feed(piece);
    if (events.length >= count) break;
  }
  response.destroy();
  assert.deepEqual(errors, []);
  return { events, comments, retry, text, headers: response.headers };
}

test('a stream begins with padding that buffers give away, retry, and the position', async (t) => {
  const { hub, url } = await startHub(t, { retryMs: 1234 });
  const { id } = await hub.publish('scores', 'before');
  const response = await openResponse(`${url}/channels/scores?after=now`, { headers });
  let text = '';
  while (!/^data: .*\n\n/m.test(text)) text += (await once(response, 'data'))[0];
  response.destroy();
  assert.match(text, /^:[^\n]{1024,}\n/, 'at once, and large');
  assert.match(text, /^retry: 1234$/m);
  // Firefox and WebKit take no id from a block without data.
  assert.match(text, new RegExp(`^id: ${id}\\nevent: position\\ndata: {}\\n\\n`, 'm'));
});

test('a stream is neither cached nor transformed nor buffered on its way', async (t) => {
  const { url } = await startHub(t);
  const response = await openResponse(`${url}/channels/scores`, { headers });
  response.destroy();
  assert.equal(response.statusCode, 200);
  assert.match(response.headers['content-type'] ?? '', /^text\/event-stream/);
  assert.match(response.headers['cache-control'] ?? '', /no-store|no-cache/);
  assert.match(response.headers['cache-control'] ?? '', /no-transform/);
  assert.equal(response.headers['x-accel-buffering'], 'no');
  assert.equal(response.headers['transfer-encoding'], 'chunked');
  assert.equal(response.headers['content-length'], undefined);
});

test('an event is id, type and payload', async (t) => {
  const { hub, url } = await startHub(t);
  const goal = await hub.publish('scores', { home: 1 }, { type: 'goal' });
  const plain = await hub.publish('scores', [2]);
  const { events } = await readEvents(`${url}/channels/scores?after=start`, 2);
  assert.deepEqual(events, [
    { id: goal.id, event: 'goal', data: '{"home":1}' },
    { id: plain.id, event: undefined, data: '[2]' },
  ]);
});

test('text comes as it is, a field for each line', async (t) => {
  const { url } = await startHub(t);
  const text = 'first\n\n second: line\nid: 7\n';
  await send(`${url}/channels/text`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: text,
  });
  const { events } = await readEvents(`${url}/channels/text?after=start`, 1);
  assert.equal(events[0]?.data, text);
});

test('a carriage return cannot smuggle a field in', async (t) => {
  const { url } = await startHub(t);
  const body = 'a\rid: evil\rb\r\ndata: c';
  await send(`${url}/channels/text`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });
  const { events } = await readEvents(`${url}/channels/text?after=start`, 1);
  assert.equal(events[0]?.data, 'a\nid: evil\nb\ndata: c');
  assert.notEqual(events[0]?.id, 'evil');
});

test('bytes come as a data URL', async (t) => {
  const { hub, url } = await startHub(t);
  await hub.publish('bytes', new Uint8Array([0, 255]));
  const { events } = await readEvents(`${url}/channels/bytes?after=start`, 1);
  assert.equal(events[0]?.data, 'data:application/octet-stream;base64,AP8=');
});

test('on a stream of several channels the data is the whole message', async (t) => {
  const { hub, url } = await startHub(t);
  const { id } = await hub.publish('a', { x: 1 }, { type: 'goal' });
  await hub.publish('b', new Uint8Array([0]));
  const { events } = await readEvents(`${url}/channels/a,b?after=start`, 2);
  const { time, ...message } = JSON.parse(events[0]!.data);
  assert.equal(typeof time, 'number');
  assert.deepEqual(message, { id, channel: 'a', type: 'goal', data: { x: 1 } });
  assert.deepEqual([events[0]?.id, events[0]?.event], [id, 'goal']);
  assert.equal(JSON.parse(events[1]!.data).encoding, 'base64');
});

test('a gap is an event of its own, and moves no id: of several at one place each is heard again after a cut', async (t) => {
  const { hub, url } = await startHub(t, { channels: { scores: { retain: { count: 1 } } } });
  const ids = await publishAll(hub, 'scores', [1, 2, 3]);
  const { events } = await readEvents(`${url}/channels/scores?after=${ids[0]}`, 2);
  assert.deepEqual([events[0]?.event, events[0]?.id], ['gap', undefined]);
  const gap = { channel: 'scores', from: ids[0], to: ids[1], reason: 'trimmed' };
  assert.deepEqual(JSON.parse(events[0]!.data), { gap });
});

test('Last-Event-ID resumes, and wins over after', async (t) => {
  const { hub, url } = await startHub(t);
  const ids = await publishAll(hub, 'scores', [1, 2, 3]);
  const { events } = await readEvents(`${url}/channels/scores?after=start`, 1, { 'last-event-id': ids[1]! });
  assert.equal(events[0]?.id, ids[2]);
});

test('an idle stream shows signs of life that carry its position', async (t) => {
  const { hub, url } = await startHub(t, { heartbeatMs: 1000 });
  const response = await openResponse(`${url}/channels/scores?after=now`, { headers });
  const { id } = await hub.publish('scores', 1);
  let text = '';
  const beat = new RegExp(`data: 1\\n\\n[^]*?^id: ${id}\\nevent: position\\ndata: {}\\n\\n`, 'm');
  while (!beat.test(text)) text += (await once(response, 'data'))[0];
  response.destroy();
});
