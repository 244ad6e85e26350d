import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../src/client/index.ts';
import type { FanwireHub } from '../../src/index.ts';
import { reset } from '../../src/lab/middlebox/treatments.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { answer, cutWhenIdle, swallow } from '../support/proxy/faults.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import {
  CHOICES,
  causesIn,
  connectedOver,
  type Received,
  receive,
  startClient,
  untilStatus,
} from './subscriber.ts';

const ROUNDS = 8;

async function publishThrough(
  hub: FanwireHub,
  received: Received,
  count: number,
  before: (index: number) => unknown,
) {
  for (let index = 0; index < count; index++) {
    await before(index);
    await hub.publish('scores', index);
    if (index % 2 === 0) await received.until(index + 1);
  }
  await received.until(count);
  assert.deepEqual(
    received.data,
    Array.from({ length: count }, (_, index) => index),
  );
  assert.deepEqual(received.gaps, []);
}

async function subscribed(client: Client): Promise<Received> {
  const received = receive(client, 'scores');
  await received.ready;
  return received;
}

/** All that a client has named as causes since: its status has the newest of each transport. */
function noteCauses(client: Client): Set<string> {
  const causes = new Set<string>();
  client.onStatus((status) => {
    for (const cause of causesIn(status)) causes.add(cause);
  });
  return causes;
}

function assertNamed(causes: ReadonlySet<string>, wanted: RegExp): void {
  assert.ok(
    [...causes].some((cause) => wanted.test(cause)),
    [...causes].join(),
  );
}

for (const { name, transports } of CHOICES) {
  test(`${name}: every connection reset, again and again: every message comes once`, async (t) => {
    const { hub, port } = await startHub(t);
    const proxy = await startProxy(t, port);
    const client = startClient(t, proxy.url, { transports });
    const causes = noteCauses(client);
    const received = await subscribed(client);
    let seen = 0;
    await publishThrough(hub, received, ROUNDS, async () => {
      // Every reset meets a request that none has met: whatever the transport, there is something to break.
      await proxy.until(() => proxy.requests.length > seen);
      seen = proxy.requests.length;
      proxy.resetAll();
    });
    await untilStatus(client, connectedOver(...transports));
    assertNamed(causes, /: (cut|network)$/);
  });

  test(`${name}: a burst of 502 and 503 is waited out: every message comes once`, async (t) => {
    const { hub, port } = await startHub(t);
    const proxy = await startProxy(t, port);
    const client = startClient(t, proxy.url, { transports });
    const causes = noteCauses(client);
    const received = await subscribed(client);
    proxy.use(answer(502), { times: 2 });
    proxy.use(answer(503), { times: 2 });
    await publishThrough(hub, received, ROUNDS, (index) => index === 2 && proxy.resetAll());
    await untilStatus(client, connectedOver(...transports));
    assertNamed(causes, /: (server_error|refused)$/);
  });

  test(`${name}: what is published while connections break is in the log once, and in order`, async (t) => {
    const { port, url } = await startHub(t);
    const proxy = await startProxy(t, port);
    const client = startClient(t, proxy.url, { transports });
    await (await subscribed(client)).ready;
    const values = Array.from({ length: 40 }, (_, index) => index);
    const published = values.map(async (value) => {
      const { id } = await client.publish('scores', value);
      if (value % 10 === 5) proxy.resetAll();
      return id;
    });
    proxy.resetAll();
    const ids = await Promise.all(published);
    const { messages } = (await send(`${url}/channels/scores?after=start`)).json();
    assert.deepEqual(
      messages.map(({ id, data }: { id: string; data: number }) => [id, data]),
      values.map((value) => [ids[value], value]),
    );
  });
}

// Polling is never idle for long.
for (const { name, transports } of CHOICES.filter(({ name }) => name !== 'polling')) {
  test(`${name}: a network that cuts idle connections is lived with: every message comes once`, async (t) => {
    const { hub, port } = await startHub(t);
    const proxy = await startProxy(t, port);
    let cuts = 0;
    proxy.use(cutWhenIdle(60, () => cuts++));
    const client = startClient(t, proxy.url, { transports });
    const causes = noteCauses(client);
    const received = await subscribed(client);
    for (let index = 0; index < 4; index++) {
      const before = cuts;
      await proxy.until(() => cuts > before);
      await hub.publish('scores', index);
      await received.until(index + 1);
    }
    assert.deepEqual(received.data, [0, 1, 2, 3]);
    assertNamed(causes, /: (cut|network)$/);
  });
}

test('a network that swallows everything is waited out: every message comes once', async (t) => {
  const { hub, port } = await startHub(t);
  const proxy = await startProxy(t, port);
  const client = startClient(t, proxy.url);
  const received = await subscribed(client);
  proxy.use(swallow);
  proxy.resetAll();
  await untilStatus(client, ({ state }) => state === 'waiting');
  await hub.publish('scores', 1);
  proxy.heal();
  proxy.resetAll();
  await received.until(1);
  assert.deepEqual(received.data, [1]);
});

test('a server that is down is told apart from a transport that is blocked: a plain request fails as well', async (t) => {
  const { hub, port } = await startHub(t);
  const proxy = await startProxy(t, port);
  const client = startClient(t, proxy.url);
  const received = await subscribed(client);
  proxy.use(reset);
  proxy.resetAll();
  await untilStatus(client, (status) => causesIn(status).includes('polling: network'));
  await hub.publish('scores', 1);
  proxy.heal();
  await received.until(1);
  assert.deepEqual(received.data, [1]);
});
