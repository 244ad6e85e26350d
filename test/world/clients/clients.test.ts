import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { publishAll, startHub } from '../../support/hub.ts';
import { cutAfterBytes } from '../../support/proxy/faults.ts';
import { startProxy } from '../../support/proxy/proxy.ts';
import { startProgram } from '../program.ts';
import { readThroughCuts } from '../through-cuts.ts';

const TIMEOUT = { timeout: 60_000 };
const TRANSPORTS = ['sse', 'http-streaming', 'long-polling', 'websocket'];
type Command = readonly [string, ...string[]];
const CLIENTS: Readonly<Record<string, Command>> = {
  'Python (httpx, httpx-sse, websockets)': [
    '.build/world/python/bin/python',
    'test/world/clients/python/client.py',
  ],
  'Go (net/http, go-sse, gorilla/websocket)': ['.build/world/go-client'],
};

/** What can be compressed in a window that readers share. */
const COMPRESSED = TRANSPORTS.filter((transport) => transport !== 'long-polling');

for (const [name, client] of Object.entries(CLIENTS)) {
  for (const [transport, compression] of [
    ...TRANSPORTS.map((transport) => [transport, false] as const),
    ...COMPRESSED.map((transport) => [transport, { sharedWindow: true }] as const),
  ]) {
    test(
      `a client in ${name} reads over ${transport}${compression ? ', compressed,' : ''} through cuts, each message once`,
      TIMEOUT,
      async (t) => {
        const { hub, port } = await startHub(t, { retryMs: 50, compression });
        await readThroughCuts(t, port, {
          publish: (values) => publishAll(hub, 'scores', values),
          start: (url) => startProgram(t, ...client, 'read', transport, url, 'scores', '9'),
        });
      },
    );
  }

  test(
    `a client in ${name} repeats a publish whose answer was lost, and it is in the log once`,
    TIMEOUT,
    (t) => publishThroughCuts(t, client),
  );
}

async function publishThroughCuts(t: TestContext, client: Command): Promise<void> {
  const { hub, port } = await startHub(t);
  const proxy = await startProxy(t, port);
  const seen = hub.subscribe('scores', { after: 'start' });
  proxy.use(cutAfterBytes(0), { when: ({ method }) => method === 'POST', times: 2 });
  const publisher = startProgram(t, ...client, 'publish', proxy.url, 'scores', '3');
  const answers = await publisher.rest();
  assert.ok(proxy.requests.length >= 5, 'the two that were lost were sent again');

  await hub.publish('scores', 'end');
  const messages: { id: string; data: unknown }[] = [];
  for await (const message of seen) {
    if (message.data === 'end') break;
    messages.push(message);
  }
  assert.deepEqual(
    messages.map(({ data }) => data),
    [1, 2, 3],
  );
  assert.deepEqual(
    answers,
    messages.map(({ id }) => ({ id })),
  );
}
