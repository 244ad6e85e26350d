import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { onEnd } from '../support/on-end.ts';
import { isOver, open, startHub, withWebTransport } from './support/node-client.ts';

test('the client does the same in Node, where there is a WebTransport', { timeout: 60_000 }, async (t) => {
  withWebTransport(t);
  const { hub, url } = await startHub(t);
  const { client, until } = open(t, url);
  const received = { a: [] as unknown[], b: [] as unknown[] };
  const all = new Promise<void>((resolve) => {
    for (const channel of ['a', 'b'] as const) {
      client.subscribe(channel, {
        after: 'start',
        onMessage({ data }) {
          received[channel].push(data);
          if (received.a.length + received.b.length === 200) resolve();
        },
      });
    }
  });
  await until(isOver('webtransport'));
  for (let data = 0; data < 100; data++)
    for (const channel of ['a', 'b']) await client.publish(channel, data);
  await all;
  const expected = Array.from({ length: 100 }, (_, data) => data);
  assert.deepEqual(received, { a: expected, b: expected });
  assert.deepEqual(
    hub.connections().map(({ transport }) => transport),
    ['webtransport'],
  );
  // A channel that is not asked for any more takes none of the others with it.
  const { status } = client;
  const other = client.subscribe('c', { onMessage: () => {} });
  await other.ready;
  other.close();
  await client.publish('a', 'last');
  assert.deepEqual(client.status, status);
});

for (const [name, offered] of [
  ['is closed', async () => freePort()],
  ['swallows what comes', swallowing],
] as const) {
  test(`where the port of UDP ${name}, it stays on its websocket, says why, and tries again later only`, {
    timeout: 60_000,
  }, async (t) => {
    withWebTransport(t);
    const { hub, url } = await startHub(t, {}, () => offered(t));
    const { client, until } = open(t, url, { proofTimeoutMs: 500, upgradeIntervalMs: 60_000 });
    const received: unknown[] = [];
    const came = new Promise<void>((resolve) => {
      client.subscribe('a', ({ data }) => {
        received.push(data);
        if (data === 'after') resolve();
      });
    });
    await until(isOver('websocket'));
    await client.publish('a', 'before');
    const status = await until(
      (each) =>
        isOver('websocket')(each) && each.failures.some(({ transport }) => transport === 'webtransport'),
    );
    assert.match(status.why, /^websocket works, not webtransport (refused|mute) \(.+\)$/);
    assert.ok(status.state === 'connected' && status.upgradeAt! - Date.now() > 30_000);
    await hub.publish('a', 'after');
    await came;
    assert.deepEqual(received, ['before', 'after']);
  });
}

async function swallowing(t: TestContext): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onEnd(t, () => socket.close());
  return socket.address().port;
}
