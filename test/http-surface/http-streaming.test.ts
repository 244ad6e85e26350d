import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { openResponse } from '../support/http.ts';
import { startHub } from '../support/hub.ts';

const headers = { accept: 'application/x-ndjson' };

test('a stream is a JSON message a line, and its head says where it begins', async (t) => {
  const { hub, url } = await startHub(t);
  const { id } = await hub.publish('scores', 'before');
  const response = await openResponse(`${url}/channels/scores?after=now`, { headers });
  assert.match(response.headers['content-type'] ?? '', /^application\/x-ndjson/);
  assert.equal(response.headers['fanwire-position'], id);
  assert.match(response.headers['cache-control'] ?? '', /no-transform/);
  const next = await hub.publish('scores', 'a\nb');
  let text = '';
  while (!text.includes('\n', text.indexOf('{') + 1) || !text.includes('{'))
    text += (await once(response, 'data'))[0];
  response.destroy();
  const lines = text.split('\n').filter((line) => line !== '');
  const { time, ...message } = JSON.parse(lines[0]!);
  assert.equal(typeof time, 'number');
  assert.deepEqual(message, { id: next.id, channel: 'scores', data: 'a\nb' });
});

test('heartbeats are blank lines', async (t) => {
  const { url } = await startHub(t, { heartbeatMs: 1000 });
  const response = await openResponse(`${url}/channels/scores`, { headers });
  let text = '';
  // More than what a stream begins with.
  for (let chunks = 0; chunks < 2; chunks++) text += (await once(response, 'data'))[0];
  response.destroy();
  assert.match(text, /^\s*\n$/);
});
