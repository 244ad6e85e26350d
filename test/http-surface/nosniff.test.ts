import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FanwireError } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { openRawWebSocket } from '../support/raw-websocket.ts';

const NOSNIFF = 'nosniff';

for (const origins of [undefined, ['https://app.example'], '*'] as const) {
  test(`no browser guesses what an answer is, with origins ${JSON.stringify(origins)}`, async (t) => {
    const { hub, url, port } = await startHub(t, {
      ...(origins === undefined ? {} : { origins }),
      authorise: ({ token }) => {
        if (token === 'none') throw new FanwireError('authorisation_unavailable', 'later', { retryAfter: 1 });
        return { read: ['*'], publish: ['a'] };
      },
    });
    const { id } = await hub.publish('a', '<script>');
    const get = (path: string, headers = {}) => fetch(`${url}${path}`, { headers });
    const post = (path: string, body: string, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
    const answers = {
      poll: get('/channels/a'),
      'of a listed page': get('/channels/a', { origin: 'https://app.example' }),
      'not modified': get('/channels/a', { 'if-none-match': `"${id}"` }),
      'long poll': get('/channels/a?after=start&wait=5'),
      SSE: get('/channels/a', { accept: 'text/event-stream' }),
      'HTTP streaming': get('/channels/a', { accept: 'application/x-ndjson' }),
      publish: post('/channels/a', '1'),
      session: post('/connect', '[{"hello":{"client":"client-of-a-test"}}]'),
      presence: get('/channels/a/presence'),
      preflight: fetch(`${url}/channels/a`, { method: 'OPTIONS' }),
      health: get('/healthz'),
      metrics: get('/metrics'),
      script: get('/fanwire.js'),
      'not found': get('/elsewhere'),
      'no channel': get('/channels/a%20b'),
      forbidden: post('/channels/b', '1'),
      'of a foreign page': get('/channels/a', { origin: 'https://evil.example' }),
      'EventSource put off': get('/channels/a', {
        accept: 'text/event-stream',
        authorization: 'Bearer none',
      }),
    };
    for (const [name, asked] of Object.entries(answers)) {
      const answer = await asked;
      assert.equal(answer.headers.get('x-content-type-options'), NOSNIFF, name);
      await answer.body?.cancel();
    }
    assert.equal(
      (await send(`${url}/channels/a`, { method: 'HEAD' })).headers['x-content-type-options'],
      NOSNIFF,
    );
    const { head } = await openRawWebSocket(t, port, '/channels/a%20b');
    assert.match(head, /^HTTP\/1\.1 400 [\s\S]*X-Content-Type-Options: nosniff\r\n/);
  });
}
