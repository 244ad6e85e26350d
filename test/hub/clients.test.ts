import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { publicId } from '../../src/hub/presence/public-id.ts';
import type { ConnectedClient, HubOptions } from '../../src/index.ts';
import { TRANSPORT_NAMES } from '../../src/protocol/transport-name.ts';
import { receive, startClient, untilStatus } from '../faults/subscriber.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { connectSdk, postFrames } from './support/sdk.ts';

type Event = readonly ['connect' | 'disconnect', ConnectedClient];

/** A hub that keeps what its hooks are told. */
async function startWatched(t: TestContext, options: HubOptions = {}) {
  const events: Event[] = [];
  let wake = () => {};
  const keep = (kind: Event[0]) => (client: ConnectedClient) => {
    events.push([kind, client]);
    wake();
  };
  const hooks = { onConnect: keep('connect'), onDisconnect: keep('disconnect') };
  const started = await startHub(t, { ...options, ...hooks });
  const until = async (count: number) => {
    while (events.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return events;
  };
  return { ...started, events, until };
}

const kinds = (events: readonly Event[]) => events.map(([kind, { client }]) => [kind, client]);

test('a client connects once and disconnects once, whatever connections it has meanwhile', async (t) => {
  const { url, until } = await startWatched(t, { presenceLingerMs: 1500 });
  const client = 'ada-and-her-tab';
  const first = await connectSdk(t, url, { client });
  await first.ask({ ref: 1, publish: { channel: 'a', data: 1 } });
  await postFrames(url, [{ ref: 2, publish: { channel: 'a', data: 2 } }], { client });
  first.socket.terminate();
  const second = await connectSdk(t, url, { client });
  second.socket.terminate();
  const [came, gone] = await until(2);
  assert.deepEqual([came![0], gone![0]], ['connect', 'disconnect']);
  const { since, ...told } = came![1];
  assert.deepEqual(told, { client: publicId(client, undefined), subject: undefined, address: '127.0.0.1' });
  assert.deepEqual(gone![1], came![1]);
  assert.ok(Math.abs(Date.now() - since) < 60_000);
});

test('a goodbye ends it at once, and who comes back afterwards has come anew', async (t) => {
  const { url, until } = await startWatched(t, { presenceLingerMs: 60_000 });
  for (const expected of [2, 4]) {
    const ada = await connectSdk(t, url, { client: 'ada-and-her-tab' });
    ada.send({ bye: true });
    await until(expected);
  }
  const kindsTold = (await until(4)).map(([kind]) => kind);
  assert.deepEqual(kindsTold, ['connect', 'disconnect', 'connect', 'disconnect']);
});

test('another subject is another client: the one has gone, and the other has come', async (t) => {
  const { url, until } = await startWatched(t, {
    authorise: ({ token }) => ({ read: true, ...(token && { subject: token }) }),
  });
  const client = 'ada-and-her-tab';
  const tab = await connectSdk(t, url, { client, token: 'ada' });
  await tab.ask({ ref: 1, token: 'ada' });
  await tab.ask({ ref: 2, token: 'bob' });
  const told = kinds(await until(3)).slice(0, 3);
  const [ada, bob] = ['ada', 'bob'].map((subject) => publicId(client, subject));
  assert.deepEqual(told[0], ['connect', ada]);
  assert.deepEqual(
    told.slice(1).sort(),
    [
      ['connect', bob],
      ['disconnect', ada],
    ].sort(),
  );
});

test('who reads or publishes without the SDK is no client', async (t) => {
  const { url, events, until } = await startWatched(t);
  await send(`${url}/channels/a`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' });
  await send(`${url}/channels/a`);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`);
  t.after(() => socket.terminate());
  await once(socket, 'message');
  // It comes after them.
  const ada = await connectSdk(t, url, { client: 'ada-and-her-tab' });
  await until(1);
  ada.send({ bye: true });
  await until(2);
  assert.deepEqual(new Set(events.map(([, { client }]) => client)).size, 1);
});

test('nobody learns who is connected from the channel that the hub keeps it on', async (t) => {
  const { url, until } = await startWatched(t);
  await connectSdk(t, url, { client: 'ada-and-her-tab' });
  await until(1);
  for (const path of ['fanwire:clients', 'fanwire:clients:presence', 'fanwire:clients/presence']) {
    assert.equal((await send(`${url}/channels/${path}`)).status, 403, path);
  }
});

test('a hook that fails is told to onError, and does no harm', async (t) => {
  const faults: unknown[] = [];
  const fault = new Error('no database');
  const { url } = await startHub(t, {
    onError: (error) => faults.push(error),
    onConnect: async () => {
      throw fault;
    },
    onDisconnect() {
      throw fault;
    },
    presenceLingerMs: 0,
  });
  const ada = await connectSdk(t, url, { client: 'ada-and-her-tab' });
  ada.send({ bye: true });
  await ada.closed;
  const bob = await connectSdk(t, url, { client: 'bob-and-his-tab' });
  assert.ok('ok' in (await bob.ask({ ref: 1, publish: { channel: 'a', data: 1 } })));
  while (faults.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(faults.slice(0, 2), [fault, fault]);
});

for (const transport of TRANSPORT_NAMES.filter((name) => name !== 'webtransport')) {
  test(`${transport}: a client of the SDK that publishes, is cut off and closes connects once and disconnects once`, async (t) => {
    const { hub, url, until } = await startWatched(t, { presenceLingerMs: 60_000 });
    const client = startClient(t, url, {
      transports: [transport],
      pollIntervalMs: 20,
      backoffMs: { first: 5, most: 10 },
    });
    const received = receive(client, 'a');
    await received.ready;
    await client.publish('a', 0);
    hub.disconnect(() => true);
    await client.publish('a', 1);
    await received.until(2);
    client.close();
    assert.deepEqual(
      (await until(2)).map(([kind]) => kind),
      ['connect', 'disconnect'],
    );
  });
}

test('a client that changes its transport connects once and disconnects once', async (t) => {
  const { url, until } = await startWatched(t, { presenceLingerMs: 60_000 });
  const used = new Set<string>();
  let opened = 0;
  const client = startClient(t, url, {
    upgradeIntervalMs: 30,
    stableAfterMs: 10,
    WebSocket: class extends WebSocket {
      constructor(address: string) {
        super(++opened > 2 ? address : address.replace('/connect', '/nowhere'));
        this.on('error', () => {});
      }
    },
  });
  client.onStatus((status) => status.state === 'connected' && used.add(status.transport));
  await receive(client, 'a').ready;
  await untilStatus(client, (status) => status.state === 'connected' && status.transport === 'websocket');
  assert.ok(used.size > 1, [...used].join());
  client.close();
  assert.deepEqual(
    (await until(2)).map(([kind]) => kind),
    ['connect', 'disconnect'],
  );
});
