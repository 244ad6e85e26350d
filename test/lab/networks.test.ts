import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { startMiddlebox } from '../../src/lab/middlebox/middlebox.ts';
import { bufferingProxy } from '../../src/lab/networks/buffering-proxy.ts';
import { cache } from '../../src/lab/networks/cache.ts';
import { direct } from '../../src/lab/networks/direct.ts';
import { loadBalancer } from '../../src/lab/networks/load-balancer.ts';
import { mobileCarrier } from '../../src/lab/networks/mobile-carrier.ts';
import type { Network } from '../../src/lab/networks/network.ts';
import { networkChange } from '../../src/lab/networks/network-change.ts';
import { noUpgrade } from '../../src/lab/networks/no-upgrade.ts';
import { startNodes } from '../../src/lab/nodes.ts';
import { send } from '../support/http.ts';
import { onEnd } from '../support/on-end.ts';

/** A hub, and the network before it for one client. */
async function stand(t: TestContext, network: Network, pace = 5) {
  const nodes = await startNodes(network.nodes, network.options?.(pace) ?? {});
  const way = await network.open(nodes, pace, ({ port }) => startMiddlebox(port));
  onEnd(t, async () => {
    way.box.close();
    for (const node of nodes.filter(({ isUp }) => isUp)) await node.kill();
  });
  const [node] = nodes;
  return { nodes, hub: node!.hub, node: node!, way, url: `${way.box.url}/channels/a` };
}

/** An open WebSocket on the channel. */
async function openSocket(t: TestContext, url: string) {
  const socket = new WebSocket(url.replace('http', 'ws'));
  onEnd(t, () => socket.terminate());
  await once(socket, 'message');
  return { socket, next: async () => JSON.parse(`${(await once(socket, 'message'))[0]}`) };
}

/** An open event stream, and its text so far. */
async function openStream(t: TestContext, url: string) {
  const ending = new AbortController();
  onEnd(t, () => ending.abort());
  const headers = { accept: 'text/event-stream' };
  const answer = await fetch(url, { headers, signal: ending.signal });
  const reader = answer.body!.getReader();
  let text = '';
  return {
    answer,
    async until(pattern: RegExp) {
      while (!pattern.test(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended after ${text}`);
        text += Buffer.from(value);
      }
    },
  };
}

test('direct: a stream and a WebSocket pass as they come', async (t) => {
  const { hub, url } = await stand(t, direct);
  const stream = await openStream(t, url);
  await stream.until(/event: position/);
  const { next } = await openSocket(t, url);
  const message = next();
  await hub.publish('a', 'hello');
  await stream.until(/data: "hello"/);
  assert.equal((await message).data, 'hello');
});

test('buffering-proxy: of a stream the head passes and no byte of the body before its end, while a WebSocket passes', async (t) => {
  const { hub, node, url } = await stand(t, bufferingProxy);
  const stream = await openStream(t, url);
  assert.equal(stream.answer.headers.get('content-type'), 'text/event-stream');
  const { next } = await openSocket(t, url);
  let body = 'nothing yet';
  const whole = stream.until(/data: "hello"/).then(() => (body = 'all of it'));
  for (let count = 0; count < 10; count++) {
    const message = next();
    await hub.publish('a', 'hello');
    assert.equal((await message).data, 'hello');
  }
  assert.equal(body, 'nothing yet');
  await node.kill();
  await whole;
  assert.equal(body, 'all of it');
});

test('no-upgrade: a WebSocket is answered as a plain request, and a stream passes', async (t) => {
  const { url } = await stand(t, noUpgrade);
  await (await openStream(t, url)).until(/event: position/);
  await assert.rejects(openSocket(t, url), /Unexpected server response: 200/);
});

test('mobile-carrier: a silent connection is forgotten, neither end is told, and one that sends is reset', async (t) => {
  // Thirty times faster than life: after a second.
  const { hub, way, url } = await stand(t, mobileCarrier, 30);
  const { socket } = await openSocket(t, url);
  while (!way.forgotten) await new Promise((resolve) => setTimeout(resolve, 10));
  const heard: string[] = [];
  socket.on('message', () => heard.push('a message')).on('close', () => heard.push('its end'));
  await hub.publish('a', 'to nobody');
  // By another connection the message is there.
  assert.equal((await send(url)).json().messages.length, 1);
  assert.deepEqual(heard, []);
  assert.equal(hub.connections().filter(({ transport }) => transport === 'websocket').length, 1);
  const closed = once(socket, 'close');
  socket.send('"still there?"');
  assert.deepEqual((await closed)[0], 1006);
});

test('network-change: every client is cut, the hub is told nothing, and sees another address then', async (t) => {
  const { nodes, hub, way, url } = await stand(t, networkChange);
  const { socket } = await openSocket(t, url);
  const closed = once(socket, 'close');
  const changed = networkChange.change!([way], nodes);
  await closed;
  await assert.rejects(send(url), { code: 'ECONNRESET' });
  await changed;
  await openSocket(t, url);
  assert.deepEqual(
    hub.connections().map(({ address }) => address),
    ['127.0.0.1', '127.0.0.2'],
  );
});

test('cache: polls come from it for as long as the hub allows, errors and parked requests never', async (t) => {
  const { hub, way, url } = await stand(t, cache);
  await hub.publish('a', 1);
  const poll = () => send(`${url}?after=start`);
  assert.equal((await poll()).headers.age, undefined);
  await hub.publish('a', 2);
  const kept = await poll();
  assert.deepEqual([kept.json().messages.length, kept.headers.age, way.fromCache], [1, '0', 1]);
  await assert.rejects(openSocket(t, url), /Unexpected server response: 200/);
  for (let count = 0; count < 2; count++) {
    const headers = { prefer: 'wait=1' };
    assert.equal((await send(`${url}?after=start`, { headers })).json().messages.length, 2);
    assert.equal((await send(`${url}?after=nowhere`)).status, 400);
  }
  assert.equal(way.fromCache, 1);
  while ((await poll()).json().messages.length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
});

test('load-balancer: clients go to both nodes in turn, get what any node is given, and find the one that is left', async (t) => {
  const { nodes, way, url } = await stand(t, loadBalancer);
  const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
  const sockets = [await openSocket(t, url), await openSocket(t, url)];
  assert.deepEqual([one.hub.connections().length, two.hub.connections().length], [1, 1]);
  const messages = sockets.map(({ next }) => next());
  await one.hub.publish('a', 'to all');
  for (const message of messages) assert.equal((await message).data, 'to all');
  const closed = sockets.map(({ socket }) => once(socket, 'close'));
  await loadBalancer.change!([way], nodes);
  await Promise.all(closed);
  const again = [await openSocket(t, `${url}?after=start`), await openSocket(t, `${url}?after=start`)];
  assert.equal(again.length, two.hub.connections().length);
});
