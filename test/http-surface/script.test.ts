import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';

test('the hub serves the client as one script and its source map, beneath the base path', async (t) => {
  const { url } = await startHub(t, { basePath: '/realtime' });
  const script = await send(`${url}/realtime/fanwire.js`);
  assert.equal(script.status, 200);
  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal(script.headers['cross-origin-resource-policy'], 'cross-origin');
  assert.match(script.text, /sourceMappingURL=fanwire\.js\.map/);
  const map = await send(`${url}/realtime/fanwire.js.map`);
  assert.ok(map.json().sourcesContent.length > 10);
  const etag = script.headers.etag!;
  const again = await send(`${url}/realtime/fanwire.js`, { headers: { 'if-none-match': etag } });
  assert.equal(again.status, 304);
  assert.equal((await send(`${url}/fanwire.js`)).status, 404);
});

test('who may read nothing may have the script', async (t) => {
  const { url } = await startHub(t, { authorise: { secret: 'x'.repeat(32) } });
  assert.equal((await send(`${url}/fanwire.js`)).status, 200);
});
