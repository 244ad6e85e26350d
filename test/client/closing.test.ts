import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { connect, type TransportName } from '../../src/client/index.ts';
import { receive, startClient } from '../faults/subscriber.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { PATIENT_MS } from '../support/patience.ts';

for (const transport of ['websocket', 'sse', 'long-polling'] as const satisfies readonly TransportName[]) {
  test(`${transport}: closing says goodbye: presence ends at once, and the hub holds nothing`, async (t) => {
    const { hub, url } = await startHub(t, { presenceLingerMs: 60_000 });
    const client = startClient(t, url, { transports: [transport] });
    const changes: (string | undefined)[] = [];
    let gone = () => {};
    const left = new Promise<void>((resolve) => {
      gone = resolve;
    });
    hub.subscribe('room:presence', ({ type }) => {
      changes.push(type);
      if (type === 'leave') gone();
    });
    await client.subscribe('room', { onMessage() {}, presence: { name: 'Ada' } }).ready;
    assert.equal((await client.presence('room')).length, 1);
    client.close();
    await left;
    assert.deepEqual(changes, ['join', 'leave']);
  });
}

test('closed at once, as React’s StrictMode does, a client opens nothing', async () => {
  const opened: string[] = [];
  const client = connect('http://127.0.0.1:9', {
    fetch: async (url) => {
      opened.push(`${url}`);
      throw new Error('refused');
    },
    WebSocket: class {
      onopen = null;
      onmessage = null;
      onclose = null;
      constructor(url: string) {
        opened.push(url);
      }
      send() {}
      close() {}
    },
    storage: null,
  });
  client.close();
  await turn();
  assert.deepEqual(opened, []);
});

test('closing tells everyone who waits: publishes, requests, subscriptions and loops', async (t) => {
  const { url } = await startHub(t, { requests: { never: () => new Promise(() => {}) } });
  const client = startClient(t, url, { transports: ['websocket'] });
  const subscription = client.subscribe('scores');
  await subscription.ready;
  const loop = (async () => {
    for await (const _ of subscription);
  })();
  const request = client.request('never');
  const publish = client.publish('scores', 1);
  const unready = client.subscribe('late', () => {}).ready;
  client.close();
  await loop;
  for (const waiting of [request, publish, unready]) await assert.rejects(waiting, { code: 'closed' });
  assert.throws(() => client.subscribe('scores'), { code: 'closed' });
  await assert.rejects(client.publish('scores', 1), { code: 'closed' });
  assert.equal(client.status.why, 'Closed: by the application');
  client.close();
});

test('a handler may close its subscription, or the client, and is not called again', async (t) => {
  const { hub, url } = await startHub(t);
  const client = startClient(t, url, { transports: ['websocket'] });
  const got: unknown[] = [];
  const once = client.subscribe('scores', ({ data }) => {
    got.push(['once', data]);
    once.close();
  });
  const all = client.subscribe('scores', ({ data }) => {
    got.push(['all', data]);
    if (data === 3) client.close();
  });
  await Promise.all([once.ready, all.ready]);
  await publishAll(hub, 'scores', [1, 2, 3, 4]);
  while (client.status.state !== 'closed') await turn();
  assert.deepEqual(got, [
    ['once', 1],
    ['all', 1],
    ['all', 2],
    ['all', 3],
  ]);
});

test('a handler that throws, and an onError that does, leave the other handlers and the link alone', async (t) => {
  const { hub, url } = await startHub(t);
  const uncaught: unknown[] = [];
  const client = startClient(t, url, {
    transports: ['sse'],
    proofTimeoutMs: PATIENT_MS,
    onError: (error) => uncaught.push((error as Error).message),
  });
  client.subscribe('scores', () => {
    throw new Error('no handler');
  });
  client.subscribe('scores', {
    onMessage: () => {
      throw new Error('handler');
    },
    onError: () => {
      throw new Error('onError');
    },
  });
  const received = receive(client, 'scores');
  await received.ready;
  await publishAll(hub, 'scores', [1, 2]);
  await received.until(2);
  await turn();
  assert.deepEqual(received.data, [1, 2]);
  assert.deepEqual(uncaught, ['no handler', 'onError', 'no handler', 'onError']);
  assert.deepEqual(client.status.failures, []);
});
