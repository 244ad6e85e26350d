import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { publishAll, startHub } from '../../support/hub.ts';
import { cutAfterBytes } from '../../support/proxy/faults.ts';
import { startProxy } from '../../support/proxy/proxy.ts';
import { startProgram } from '../program.ts';

const TRANSPORTS = ['sse', 'http-streaming', 'long-polling', 'websocket'];
type Command = readonly [string, ...string[]];
const CLIENTS: Readonly<Record<string, Command>> = {
  'Python (httpx, httpx-sse, websockets)': [
    '.build/world/python/bin/python',
    'test/world/clients/python/client.py',
  ],
  'Go (net/http, go-sse, gorilla/websocket)': ['.build/world/go-client'],
};

for (const [name, client] of Object.entries(CLIENTS)) {
  for (const transport of TRANSPORTS) {
    test(
      `a client in ${name} reads over ${transport}, and what it missed after each cut, each once`,
      {
        timeout: 60_000,
      },
      (t) => readThroughCuts(t, client, transport),
    );
  }

  test(
    `a client in ${name} repeats a publish whose answer was lost, and it is in the log once`,
    {
      timeout: 60_000,
    },
    (t) => publishThroughCuts(t, client),
  );
}

async function readThroughCuts(t: TestContext, client: Command, transport: string): Promise<void> {
  const { hub, port } = await startHub(t, { retryMs: 50 });
  const proxy = await startProxy(t, port);
  const reader = startProgram(t, ...client, 'read', transport, proxy.url, 'scores', '9');
  const { position } = await reader.json<{ position: string }>();
  assert.match(position, /^\w+\.0$/);

  const read: unknown[] = [];
  const ids: string[] = [];
  // Cut before its first message, too: a place that it was told of and not one that it has read to.
  for (const values of [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]) {
    await proxy.until(() => proxy.open > 0);
    const next = proxy.nextRequest();
    proxy.resetAll();
    // While nobody listens, and again once somebody does.
    ids.push(...(await publishAll(hub, 'scores', values.slice(0, 2))));
    await next;
    ids.push(...(await publishAll(hub, 'scores', values.slice(2))));
    while (read.length < ids.length) read.push(await reader.json());
  }
  assert.deepEqual(
    read,
    ids.map((id, index) => ({ id, data: index + 1 })),
  );
  assert.deepEqual(await reader.rest(), [], 'nothing but messages came');
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
