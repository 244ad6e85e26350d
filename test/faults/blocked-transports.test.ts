import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransportName } from '../../src/client/index.ts';
import { accepts, isUpgrade, type RequestHead } from '../../src/lab/middlebox/request-head.ts';
import { bufferBody, dropUpgrade, type Treatment } from '../../src/lab/middlebox/treatments.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { PATIENT_MS } from '../support/patience.ts';
import { answer, muteUpgrade, swallow, withholdBody } from '../support/proxy/faults.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { causesIn, connectedOver, receive, startClient, untilStatus } from './subscriber.ts';

const isStream = (head: RequestHead) =>
  accepts('text/event-stream')(head) || accepts('application/x-ndjson')(head);

interface Network {
  readonly promise: string;
  readonly rules: readonly (readonly [(head: RequestHead) => boolean, Treatment])[];
  readonly settlesOn: TransportName;
  readonly names: readonly string[];
}

/** What stands in the way, what the client settles on, and what it says was the matter. */
const NETWORKS: readonly Network[] = [
  {
    promise: 'refuses the upgrade',
    rules: [[isUpgrade, answer(403)]],
    settlesOn: 'sse',
    names: ['websocket: refused'],
  },
  {
    promise: 'drops the upgrade and passes the rest on, as a bare proxy_pass does',
    rules: [[isUpgrade, dropUpgrade]],
    settlesOn: 'sse',
    names: ['websocket: refused'],
  },
  {
    promise: 'answers the upgrade with an error that looks like the hub’s own',
    rules: [
      [
        isUpgrade,
        answer(405, { 'Content-Type': 'application/problem+json' }, '{"code":"method_not_allowed"}'),
      ],
    ],
    settlesOn: 'sse',
    names: ['websocket: refused'],
  },
  {
    promise: 'accepts the upgrade and stays mute',
    rules: [[isUpgrade, muteUpgrade]],
    settlesOn: 'sse',
    names: ['websocket: mute'],
  },
  {
    promise: 'never answers the upgrade',
    rules: [[isUpgrade, swallow]],
    settlesOn: 'sse',
    names: ['websocket: mute'],
  },
  {
    promise: 'hands on the head of a stream and never its body',
    rules: [
      [isUpgrade, answer(502)],
      [isStream, withholdBody],
    ],
    settlesOn: 'long-polling',
    names: ['sse: buffered', 'http-streaming: buffered'],
  },
  {
    promise: 'holds every body back until its end',
    rules: [
      [isUpgrade, muteUpgrade],
      [() => true, bufferBody],
    ],
    settlesOn: 'long-polling',
    names: ['websocket: mute', 'sse: buffered', 'http-streaming: buffered'],
  },
];

for (const { promise, rules, settlesOn, names } of NETWORKS) {
  test(`behind a network that ${promise}, every message comes once over ${settlesOn}, and the status says why`, async (t) => {
    const { hub, port } = await startHub(t);
    const proxy = await startProxy(t, port);
    // The newest rule wins: the first of the list shall.
    for (const [when, fault] of rules.toReversed()) proxy.use(fault, { when });
    const first = (await publishAll(hub, 'scores', [1, 2, 3]))[0]!;
    const client = startClient(t, proxy.url);
    const received = receive(client, 'scores', { after: first });
    await received.until(2);
    await publishAll(hub, 'scores', [4]);
    const status = await untilStatus(
      client,
      (status) => connectedOver(settlesOn)(status) && names.every((name) => causesIn(status).includes(name)),
    );
    await publishAll(hub, 'scores', [5, 6]);
    await received.until(5);
    assert.deepEqual(received.data, [2, 3, 4, 5, 6]);
    assert.deepEqual(received.gaps, []);
    assert.ok(status.why.length > 0);
    const { id } = await client.publish('scores', 7);
    assert.equal(typeof id, 'string');
  });
}

test('once the network lets the upgrade through, the client moves up, and every message comes once', async (t) => {
  const { hub, port } = await startHub(t);
  const proxy = await startProxy(t, port);
  proxy.use(answer(403), { when: isUpgrade });
  const { id } = await hub.publish('scores', 0);
  const client = startClient(t, proxy.url);
  const received = receive(client, 'scores', { after: id });
  await untilStatus(client, connectedOver('sse'));
  proxy.heal();
  let published = 0;
  let moved = false;
  const moving = untilStatus(client, connectedOver('websocket')).then(() => {
    moved = true;
  });
  while (!moved) {
    await hub.publish('scores', ++published);
    await received.until(published);
  }
  await moving;
  await hub.publish('scores', ++published);
  await received.until(published);
  assert.deepEqual(
    received.data,
    Array.from({ length: published }, (_, index) => index + 1),
  );
});

test('a proxy that begins to drop upgrades in mid-life ends no client', async (t) => {
  const { hub, port } = await startHub(t);
  const proxy = await startProxy(t, port);
  const client = startClient(t, proxy.url, { proofTimeoutMs: PATIENT_MS });
  const received = receive(client, 'scores');
  await received.ready;
  await untilStatus(client, connectedOver('websocket'));
  proxy.use(dropUpgrade, { when: isUpgrade });
  proxy.resetAll();
  await hub.publish('scores', 1);
  await received.until(1);
  const { why } = await untilStatus(client, connectedOver('sse', 'http-streaming'));
  assert.match(why, /not websocket refused \(GET \/connect takes Upgrade/);
});

for (const transport of ['sse', 'http-streaming', 'long-polling'] as const) {
  test(`${transport}: a publish over a connection that has died silently goes again with the next link`, async (t) => {
    const { port } = await startHub(t, { heartbeatMs: 1000 });
    const proxy = await startProxy(t, port);
    const client = startClient(t, proxy.url, { transports: [transport] });
    await receive(client, 'scores').ready;
    await client.publish('scores', 1);
    const sent = proxy.nextRequest(({ method }) => method === 'POST');
    const swallowed = proxy.use(swallow, {
      when: ({ headers }) => headers.accept === 'application/json',
      times: 1,
    });
    const publish = client.publish('scores', 2);
    await sent;
    swallowed();
    proxy.muteAll();
    await publish;
  });
}
