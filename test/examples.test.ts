import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { post, send } from './support/http.ts';
import { takeMessages } from './support/readers/reader.ts';
import { openSse } from './support/readers/sse.ts';
import { openWebSocket } from './support/readers/websocket.ts';

const EXAMPLES = readdirSync('examples/servers').filter((name) => name.endsWith('.mjs'));

/** Starts an example as its reader would; resolves once it has said where it listens. */
async function start(t: TestContext, name: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join('examples/servers', name)], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface(child.stdout!);
  const ended = once(child, 'exit').then(([code]) => assert.fail(`${name} ended with ${code}`));
  const [url] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return { child, url };
}

test('there is an example for each kind of server that the hub works beside', () => {
  assert.deepEqual(EXAMPLES, ['express.mjs', 'fastify.mjs', 'hono.mjs', 'node-http.mjs']);
});

for (const name of EXAMPLES) {
  test(`examples/servers/${name} serves its own route and the hub on one port`, {
    timeout: 30_000,
  }, async (t) => {
    const { child, url } = await start(t, name);
    const hello = await send(`${url}/hello`);
    assert.deepEqual([hello.status, hello.text], [200, 'Hello, visitor 1']);
    assert.equal((await send(`${url}/nothing`)).status, 404);

    const [sse, webSocket] = await Promise.all(
      [openSse, openWebSocket].map((open) =>
        open(url, { channels: ['greetings', 'scores'], after: 'start' }),
      ),
    );
    assert.equal((await post(url, 'scores', { home: 1 })).status, 201);

    for (const reader of [sse!, webSocket!]) {
      const messages = await takeMessages(reader, 2);
      assert.deepEqual(
        messages.map(({ channel, data }) => [channel, data]),
        [
          ['greetings', { greeted: 1 }],
          ['scores', { home: 1 }],
        ],
      );
      reader.close();
    }

    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
}
