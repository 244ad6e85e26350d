import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { TRANSPORT_NAMES } from '../../src/protocol/transport-name.ts';
import { receive, startClient, untilStatus } from '../faults/subscriber.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { PATIENT_MS } from '../support/patience.ts';

test('what is published while transports change is in the log once and in order, and comes back so', async (t) => {
  const COUNT = 300;
  const { hub, url } = await startHub(t);
  let opened = 0;
  const used = new Set<string>();
  const client = startClient(t, url, {
    upgradeIntervalMs: 30,
    stableAfterMs: 10,
    backoffMs: { first: 5, most: 10 },
    // Every other socket is refused, so that the client falls back and moves up again and again.
    WebSocket: class extends WebSocket {
      constructor(address: string) {
        super(++opened % 2 ? address : address.replace('/connect', '/nowhere'));
        this.on('error', () => {});
      }
    },
  });
  client.onStatus((status) => status.state === 'connected' && used.add(status.transport));
  const received = receive(client, 'scores');
  await received.ready;
  const ids: string[] = [];
  const published: Promise<unknown>[] = [];
  for (let index = 0; index < COUNT; index++) {
    published.push(client.publish('scores', index).then(({ id }) => ids.push(id)));
    if (index % 15 === 0) {
      await published.at(-1);
      hub.disconnect(() => true);
    }
  }
  await Promise.all(published);
  await received.until(COUNT);
  const expected = Array.from({ length: COUNT }, (_, index) => index);
  assert.deepEqual(received.data, expected);
  const { messages } = (await send(`${url}/channels/scores?after=start`)).json();
  assert.deepEqual(
    messages.map(({ id, data }: { id: string; data: number }) => [id, data]),
    expected.map((index) => [ids[index], index]),
  );
  assert.ok(used.size > 1, [...used].join());
});

test('told to move, a client takes its subscriptions elsewhere and still gets the answer it waits for', async (t) => {
  // So that it moves long before the window's end.
  t.mock.method(Math, 'random', () => 0.05);
  let answer = (_: string) => {};
  const slow = () =>
    new Promise<string>((resolve) => {
      answer = resolve;
    });
  const first = await startHub(t, { requests: { slow } });
  const second = await startHub(t);
  const ports = [first.port, second.port];
  const client = startClient(t, first.url, {
    transports: ['websocket'],
    proofTimeoutMs: PATIENT_MS,
    WebSocket: class extends WebSocket {
      constructor(address: string) {
        super(address.replace(`${first.port}`, `${ports.shift()}`));
      }
    },
  });
  await untilStatus(client, ({ state }) => state === 'connected');
  const reply = client.request('slow');
  await client.presence('scores');
  const closing = first.hub.close({ drainMs: 4000 });
  const moved = await untilStatus(
    client,
    (status) => status.state === 'connected' && second.hub.connections().length > 0,
  );
  assert.deepEqual(moved.failures, []);
  assert.equal(first.hub.connections().length, 1);
  answer('done');
  assert.equal(await reply, 'done');
  // Nothing holds the old link any more: it goes with the next frame, or with its node.
  await closing;
  assert.equal(client.status.state, 'connected');
});

test('transports that there are not, and a list without any, are refused by name', () => {
  const transports = ['websoket' as 'websocket'];
  assert.throws(() => startClient(never, 'http://127.0.0.1:9', { transports }), {
    code: 'invalid_parameter',
    message: `transports: not websoket but some of ${TRANSPORT_NAMES}`,
  });
  assert.throws(() => startClient(never, 'http://127.0.0.1:9', { transports: [] }), {
    code: 'invalid_parameter',
  });
});

const never = undefined as never;
