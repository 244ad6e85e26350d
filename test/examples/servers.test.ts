import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { assertEndsConnected, assertServes, startApplication } from './application.ts';

const ON_NODE = ['express.mjs', 'fastify.mjs', 'hono.mjs', 'node-http.mjs'];

test('there is an example for each kind of server that the hub works beside', () => {
  assert.deepEqual(readdirSync('examples/servers'), [
    'bun.mjs',
    'deno.mjs',
    ...ON_NODE.slice(0, 3),
    'next',
    'node-http.mjs',
    'sveltekit',
  ]);
});

for (const name of ON_NODE) {
  test(`examples/servers/${name} serves its own route and the hub on one port`, {
    timeout: 30_000,
  }, async (t) => {
    const application = await startApplication(t, [process.execPath, `examples/servers/${name}`]);
    await assertServes(application, { webSocket: true });
    await assertEndsConnected(application);
  });
}
