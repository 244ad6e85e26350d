import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect } from '../../src/client/index.ts';
import type { ConnectionView, FanwireHub } from '../../src/index.ts';
import { openResponse, send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { openWebSocket } from '../support/readers/websocket.ts';
import { connectSdk, postFrames } from './support/sdk.ts';

const LARGE = 'x'.repeat(256 * 1024);

async function publishUntilLagging(hub: FanwireHub, channel: string): Promise<void> {
  while (!hub.connections().some(({ lagging }) => lagging)) {
    await hub.publish(channel, LARGE);
    await nextTurn();
  }
}

test('a subscriber that reads no more is seen lagging, ever further behind, and at 0 once it has caught up', async (t) => {
  const { hub, url } = await startHub(t, { channels: { feed: { retain: { count: 10_000 } } } });
  const quick = await connectSdk(t, url);
  await quick.ask({ ref: 1, subscribe: { channel: 'other' } });
  const slow = await openWebSocket(url, { channels: ['feed'], after: 'now' });
  t.after(() => slow.close());
  const { id } = hub.connections().find(({ channels }) => channels.includes('feed'))!;
  const view = () => hub.connections().find((each) => each.id === id)!;
  assert.deepEqual([view().lagging, view().behind], [false, 0]);

  slow.pause();
  await publishUntilLagging(hub, 'feed');
  const before = view().behind!;
  await publishAll(hub, 'feed', [1, 2, 3]);
  await nextTurn();
  assert.deepEqual([view().lagging, view().behind], [true, before + 3]);
  assert.equal(hub.stats().lagging, 1);
  const others = hub.connections().filter((each) => each.id !== id);
  assert.ok(
    others.every(({ lagging, behind }) => !lagging && behind === 0),
    'the others are not',
  );

  slow.resume();
  const { id: last } = await hub.publish('feed', 'the last');
  for (let item = await slow.next(); ; item = await slow.next()) {
    if (item.kind === 'message' && item.message.id === last) break;
  }
  await nextTurn();
  assert.deepEqual([view().lagging, view().behind], [false, 0]);
});

test('a client tells why it came over its transport, on every transport, cut to 200 characters', async (t) => {
  const { hub, url } = await startHub(t);
  const subscribe = { ref: 1, subscribe: { channel: 'a' } };
  const long = `websocket refused (${'x'.repeat(500)})`;
  const body = JSON.stringify([{ hello: { client: 'a-client-that-tells', why: long } }, subscribe]);
  for (const accept of ['text/event-stream', 'application/x-ndjson']) {
    const stream = await openResponse(`${url}/connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body,
    });
    assert.equal(hub.connections().at(-1)!.why, long.slice(0, 200));
    stream.destroy();
  }
  const silent = await connectSdk(t, url);
  assert.ok(!('why' in hub.connections().at(-1)!));
  silent.socket.close();
  const refused = await send(`${url}/connect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ hello: { client: 'a-client-that-tells', why: 7 } }]),
  });
  assert.match(refused.json().detail, /hello\.why.*a text/);
});

test('the SDK says what had failed before', async (t) => {
  const { hub, url } = await startHub(t);
  class Blocked {
    constructor() {
      throw new Error('blocked');
    }
  }
  const client = connect(url, {
    transports: ['websocket', 'sse'],
    WebSocket: Blocked as unknown as typeof WebSocket,
  });
  t.after(() => client.close());
  await client.subscribe('a', () => {}).ready;
  const [{ transport, why }] = hub.connections() as [ConnectionView];
  assert.deepEqual([transport, why], ['sse', 'websocket unsupported (Error: blocked)']);
});

test('channels are listed with their subscribers here and with what is retained of them, the most read first', async (t) => {
  const { hub, url } = await startHub(t, { channels: { few: { retain: { count: 2 } } } });
  const [first, , third] = await publishAll(hub, 'unread', [1, 2, 3]);
  const [, second, last] = await publishAll(hub, 'few', [1, 2, 3]);
  for (const ref of [1, 2]) {
    const sdk = await connectSdk(t, url, { client: `client-number-${ref}` });
    await sdk.ask({ ref, subscribe: { channel: 'empty' } });
    if (ref === 1) await sdk.ask({ ref: 3, subscribe: { channel: 'few' } });
  }
  assert.deepEqual(await hub.channels(), {
    total: 3,
    channels: [
      { channel: 'empty', readers: 2 },
      { channel: 'few', readers: 1, retained: { count: 2, oldest: second, newest: last } },
      { channel: 'unread', readers: 0, retained: { count: 3, oldest: first, newest: third } },
    ],
  });
  assert.deepEqual(
    (await hub.channels({ search: 'e' })).channels.map(({ channel }) => channel),
    ['empty', 'few', 'unread'],
  );
  assert.deepEqual(
    (await hub.channels({ most: 1, search: 'rea' })).channels.map(({ channel }) => channel),
    ['unread'],
  );
  const { channels, total } = await hub.channels({ most: 1 });
  assert.deepEqual([channels.map(({ channel }) => channel), total], [['empty'], 2]);
});

test('the accounts are numbers of this node since it began', async (t) => {
  const { hub, url } = await startHub(t, { channels: { few: { retain: { count: 1 } } } });
  const [id] = await publishAll(hub, 'few', [1, 2, 3]);
  const sdk = await connectSdk(t, url);
  await sdk.ask({ ref: 1, subscribe: { channel: 'few', after: id! } });
  await sdk.nextOf('id');
  await hub.publish('few', 4);
  await sdk.nextOf('id');
  await postFrames(url, []);
  await sdk.ask({ ref: 2, subscribe: { channel: 'not a name' } });

  const { connections, messages, deliveries, bytes, gaps, refusals, polls, latency, drain } = hub.stats();
  assert.deepEqual(connections, { websocket: 1 });
  assert.deepEqual([messages, deliveries, polls], [4, 2, 1]);
  assert.deepEqual(gaps, { expired: 0, trimmed: 1, epoch: 0, skipped: 0 });
  assert.deepEqual(refusals, { invalid_channel: 1 });
  assert.ok(bytes > 0);
  assert.equal(latency.counts.length, latency.bounds.length + 1);
  assert.equal(
    latency.counts.reduce((sum, count) => sum + count, 0),
    1,
  );
  assert.deepEqual(drain, { state: 'serving' });
  assert.equal(hub.node, (await send(`${url}/healthz`)).json().node);
});

test('a node that drains sends its clients away and is not healthy, serves whoever comes, and goes back', async (t) => {
  const { hub, url } = await startHub(t);
  const sdk = await connectSdk(t, url);
  const drained = hub.drain({ withinMs: 30 });
  assert.deepEqual(await sdk.next(), { move: { withinMs: 30 } });
  const health = await send(`${url}/healthz`);
  assert.deepEqual([health.status, health.json().status], [503, 'draining']);
  const { drain } = hub.stats();
  assert.ok(drain.state === 'draining' && drain.asked === 1 && drain.withinMs === 30);
  assert.equal((await sdk.closed).code, 1012);
  await drained;

  const late = await connectSdk(t, url);
  const after = hub.stats().drain;
  assert.ok(after.state === 'draining' && after.left === 0, 'those who came later are not counted');
  hub.resume();
  assert.equal((await send(`${url}/healthz`)).status, 200);
  assert.deepEqual(hub.stats().drain, { state: 'serving' });
  assert.ok((await late.ask({ ref: 1, subscribe: { channel: 'a' } })).ok);
});

test('who has not left when a drain is ended stays', async (t) => {
  const { hub, url } = await startHub(t);
  const sdk = await connectSdk(t, url);
  const drained = hub.drain({ withinMs: 60_000 });
  await sdk.nextOf('move');
  hub.resume();
  await drained;
  assert.ok((await sdk.ask({ ref: 1, subscribe: { channel: 'a' } })).ok);
  await assert.rejects(hub.drain({ withinMs: -1 }), /withinMs takes milliseconds/);
});
