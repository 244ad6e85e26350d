import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHub as startPlainHub } from '../support/hub.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { isOver, open, startHub, withWebTransport } from './support/node-client.ts';
import { startUdpProxy, type UdpProxy } from './support/udp-proxy.ts';

const LONG = 'x'.repeat(700);
/** No packet without that message is as long, but those that try how long one may be: they are longer than any with it. */
const LONG_PACKET = { least: 700, most: 1150 };

/** Subscribes to both channels; `next` resolves with what comes after what has come. */
async function subscribe(client: ReturnType<typeof open>['client']) {
  const came: unknown[] = [];
  let told = () => {};
  const subscriptions = ['a', 'b'].map((channel) =>
    client.subscribe(channel, ({ data }) => {
      came.push(data === LONG ? 'long' : data);
      told();
    }),
  );
  await Promise.all(subscriptions.map(({ ready }) => ready));
  const until = async (count: number) => {
    while (came.length < count) await new Promise<void>((resolve) => (told = resolve));
    return came;
  };
  return { came, until };
}

test('over WebTransport a lost packet of one channel does not hold up another', {
  timeout: 60_000,
}, async (t) => {
  withWebTransport(t);
  let proxy!: UdpProxy;
  const { hub, url } = await startHub(t, {}, async (port) => {
    proxy = await startUdpProxy(t, port);
    return proxy.port;
  });
  const { client, until: untilStatus } = open(t, url);
  await untilStatus(isOver('webtransport'));
  const { came, until } = await subscribe(client);
  await hub.publish('a', 'quiet');
  await until(1);

  // The packet with the long message is lost, and so is each with which it is sent again.
  const lost = new Promise<void>((resolve) => {
    proxy.loses = (packet) => {
      const isLost = packet.length >= LONG_PACKET.least && packet.length <= LONG_PACKET.most;
      if (isLost) resolve();
      return isLost;
    };
  });
  await hub.publish('a', LONG);
  await lost;
  await hub.publish('b', 'short');
  await until(2);
  assert.deepEqual(came, ['quiet', 'short']);

  proxy.loses = () => false;
  assert.deepEqual(await until(3), ['quiet', 'short', 'long']);
});

test('over a WebSocket it does: TCP gives nothing before what was lost has come again', {
  timeout: 60_000,
}, async (t) => {
  const { hub, port } = await startPlainHub(t);
  let withheld: (() => void)[] | undefined;
  let told = () => {};
  // What a receiver of TCP gives its program: nothing behind a segment that is missing.
  const { port: proxied } = await startTcpProxy(t, port, (write) => (bytes) => {
    if (!withheld) write(bytes);
    else {
      withheld.push(() => write(bytes));
      told();
    }
  });
  const { client, until: untilStatus } = open(t, `http://127.0.0.1:${proxied}`, {
    transports: ['websocket'],
  });
  await untilStatus(isOver('websocket'));
  const { came, until } = await subscribe(client);
  const missing: (() => void)[] = (withheld = []);
  const untilWithheld = async (count: number) => {
    while (missing.length < count) await new Promise<void>((resolve) => (told = resolve));
  };
  await hub.publish('a', LONG);
  await untilWithheld(1);
  await hub.publish('b', 'short');
  await untilWithheld(2);
  assert.deepEqual(came, []);
  withheld = undefined;
  for (const pass of missing) pass();
  assert.deepEqual(await until(2), ['long', 'short']);
});
