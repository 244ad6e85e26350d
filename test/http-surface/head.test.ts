import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openResponse, readAnswer, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';

/** What an answer says of itself, but for what differs from one to the next, and how a stream is framed. */
function said({ date: _date, 'transfer-encoding': _framing, ...headers }: Readonly<Record<string, unknown>>) {
  return headers;
}

test('HEAD says what GET would, for every transport and refusal, and ends', async (t) => {
  const { hub, url } = await startHub(t, { channels: { secret: { read: 'nobody' } } });
  const { id } = await hub.publish('a', 1);
  for (const [path, headers] of [
    ['/channels/a', {}],
    ['/channels/a', { 'if-none-match': `"${id}"` }],
    ['/channels/a,b?after=start', { accept: 'text/event-stream' }],
    ['/channels/a', { accept: 'application/x-ndjson' }],
    ['/channels/a?wait=20&after=start', {}],
    ['/channels/a/presence', {}],
    ['/healthz', {}],
    ['/channels/a', { accept: 'image/png' }],
    ['/channels/secret', { accept: 'text/event-stream' }],
    ['/nowhere', {}],
  ] as const) {
    const got = await openResponse(`${url}${path}`, { headers });
    const head = await send(`${url}${path}`, { headers, method: 'HEAD' });
    assert.deepEqual([head.status, said(head.headers)], [got.statusCode, said(got.headers)], path);
    assert.equal(head.text, '');
    got.destroy();
  }
});

test('HEAD does not wait where GET would', async (t) => {
  const { url } = await startHub(t);
  const { status, headers } = await readAnswer(
    await openResponse(`${url}/channels/a?wait=50`, { method: 'HEAD' }),
  );
  assert.deepEqual([status, headers['preference-applied']], [200, 'wait=50']);
});
