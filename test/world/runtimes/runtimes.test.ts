import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { TCP_TRANSPORTS } from '../../../src/protocol/transport-name.ts';
import { post, send } from '../../support/http.ts';
import { publishAll, startHub } from '../../support/hub.ts';
import { type PackedProject, packedProject } from '../../support/packed.ts';
import { openHttpStreaming } from '../../support/readers/http-streaming.ts';
import { openLongPolling, openPolling } from '../../support/readers/polling.ts';
import { type OpenReader, positionOf, takeMessages, takeUntil } from '../../support/readers/reader.ts';
import { openSse } from '../../support/readers/sse.ts';
import { openWebSocket } from '../../support/readers/websocket.ts';
import { RUNTIMES, runtimeCommand } from '../../support/runtimes.ts';
import { type Program, startProgram } from '../program.ts';
import { readThroughCuts } from '../through-cuts.ts';

/** By name, as the hub calls them; nothing of ours reads. */
const READERS: Readonly<Record<string, OpenReader>> = {
  websocket: openWebSocket,
  sse: openSse,
  'http-streaming': openHttpStreaming,
  'long-polling': openLongPolling,
  polling: openPolling,
};
/** A hub that a program attaches to a server of node:http, and one that the runtime's own server asks by hub.fetch. */
const HUBS = [
  { program: 'hub.mjs', by: '', transports: TCP_TRANSPORTS },
  {
    program: 'fetch-hub.mjs',
    by: ' by hub.fetch',
    transports: TCP_TRANSPORTS.filter((name) => name !== 'websocket'),
  },
] as const;
/** More than the buffers of loopback's sockets hold. */
const PUBLISHES = 80;
const LARGE = 500_000;
const TIMEOUT = { timeout: 60_000 };

/** What a user of the package has, with the programs that the tests run in it. */
let project: PackedProject;
before(() => {
  project = packedProject();
  cpSync('test/world/runtimes', project.folder, {
    recursive: true,
    filter: (path) => !path.includes('package'),
  });
});
after(() => project.remove());

for (const runtime of RUNTIMES) {
  const run = (t: TestContext, program: string, ...rest: readonly string[]): Program =>
    startProgram(t, ...runtimeCommand(runtime), join(project.folder, program), ...rest);

  async function startItsHub(t: TestContext, program = 'hub.mjs'): Promise<{ url: string; port: number }> {
    const { port } = await run(t, program).json<{ port: number }>();
    return { url: `http://127.0.0.1:${port}`, port };
  }

  for (const transport of TCP_TRANSPORTS) {
    test(
      `in ${runtime} the client reads over ${transport} through cuts, each message once`,
      TIMEOUT,
      async (t) => {
        const { hub, port } = await startHub(t, { retryMs: 50, requests: { add: sum } });
        const said = hub.subscribe('said');
        await readThroughCuts(t, port, {
          publish: (values) => publishAll(hub, 'scores', values),
          start: (url) => run(t, 'client.mjs', transport, url, '9'),
        });
        assert.deepEqual((await said.next()).value?.data, [transport]);
      },
    );
  }

  for (const { program, by, transports } of HUBS) {
    for (const transport of transports) {
      test(
        `a hub in ${runtime} serves the client over ${transport}${by} through cuts, each message once`,
        TIMEOUT,
        async (t) => {
          const { url, port } = await startItsHub(t, program);
          await readThroughCuts(t, port, {
            publish: (values) => postAll(url, values),
            start: (at) =>
              startProgram(t, process.execPath, join(project.folder, 'client.mjs'), transport, at, '9'),
          });
        },
      );

      test(
        `a hub in ${runtime} serves a channel over ${transport}${by}, and on from a position`,
        TIMEOUT,
        async (t) => {
          const { url } = await startItsHub(t, program);
          const first = await READERS[transport]!(url, { channels: ['scores'], after: 'start' });
          const ids = await postAll(url, [1, 2]);
          const read = await takeMessages(first, 2);
          first.close();
          ids.push(...(await postAll(url, [3])));
          const second = await READERS[transport]!(url, { channels: ['scores'], after: first.position });
          ids.push(...(await postAll(url, [4])));
          read.push(...(await takeMessages(second, 2)));
          second.close();
          assert.deepEqual(
            read.map(({ id, data }) => ({ id, data })),
            ids.map((id, index) => ({ id, data: index + 1 })),
          );
        },
      );
    }

    for (const transport of transports.filter((name) => !name.endsWith('polling'))) {
      test(
        `a hub in ${runtime} queues nothing for a reader over ${transport}${by} that does not read`,
        TIMEOUT,
        async (t) => {
          const { url } = await startItsHub(t, program);
          const reader = await READERS[transport]!(url, { channels: ['large'] });
          reader.pause();
          const ids = await postAll(url, Array(PUBLISHES).fill('x'.repeat(LARGE)), 'large');
          const { lagging, bytes } = (await send(`${url}/elsewhere`)).json();
          assert.equal(lagging, 1);
          assert.ok(bytes < (PUBLISHES * LARGE) / 2, `${bytes} bytes were written`);
          reader.resume();
          const items = await takeUntil(reader, (item) => positionOf(item) === ids.at(-1));
          reader.close();
          assert.ok(
            items.some(({ kind }) => kind === 'gap'),
            'what it was too slow for is a gap',
          );
        },
      );
    }
  }

  test(`a hub in ${runtime} leaves the rest to the server that it is attached to`, TIMEOUT, async (t) => {
    const { url } = await startItsHub(t);
    assert.deepEqual((await send(`${url}/elsewhere`)).json().connections, {});
    assert.equal((await send(`${url}/fanwire.js`)).status, 200, 'the client’s script is its own');
  });

  test(`in ${runtime} \`fanwire serve\` serves a hub and its console`, TIMEOUT, async (t) => {
    const serve = run(t, 'node_modules/fanwire/dist/cli/main.js', 'serve', '--port', '0');
    const [, url] = /^fanwire listens on (\S+)$/.exec(await serve.line()) ?? assert.fail('no greeting');
    assert.match((await send(`${url}/`)).text, /<title>fanwire<\/title>/);
    const { messages } = (await send(`${url}/channels/console:computer?last=1&wait=20`)).json();
    assert.ok(messages[0].data.memory.usedBytes > 0);
  });
}

function sum(data: unknown): number {
  const { a, b } = data as { a: number; b: number };
  return a + b;
}

async function postAll(url: string, values: readonly unknown[], channel = 'scores'): Promise<string[]> {
  const ids: string[] = [];
  for (const value of values) ids.push((await post(url, channel, value)).json().id);
  return ids;
}
