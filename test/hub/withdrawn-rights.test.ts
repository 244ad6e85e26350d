import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { connect } from '../../src/client/index.ts';
import { type FanwireError, type HubOptions, memoryLog, type RightAnswer } from '../../src/index.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { TRANSPORT_NAMES } from '../../src/protocol/transport-name.ts';
import { freePort } from '../support/free-port.ts';
import { send } from '../support/http.ts';
import type { TestHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { assertProblem } from '../support/problem.ts';
import { openWebTransport } from '../support/readers/webtransport.ts';
import { sharedRedis } from '../support/shared-redis.ts';
import { isOver, open, withWebTransport } from '../webtransport/support/node-client.ts';
import { bearer, Members, startRooms, tokenOf, untilOpen } from './support/rights.ts';
import { connectSdk, postFrames } from './support/sdk.ts';

/** Opens a reader of `room.lobby` of each kind; each resolves with the code that it was ended with. */
async function openAll(
  t: TestContext,
  { url }: TestHub,
  name: string,
): Promise<Record<string, Promise<string>>> {
  const headers = await bearer('ada');
  const stream = async (accept: string) => {
    const { body } = await fetch(`${url}/channels/room.lobby`, { headers: { ...headers, accept } });
    return new Response(body).text();
  };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/room.attic,room.lobby`, { headers });
  onEnd(t, async () => socket.terminate());
  const session = await openWebTransport(url, { channels: ['room.lobby'], headers });
  return {
    SSE: stream('text/event-stream').then(
      (text) => JSON.parse(/event: error\ndata: (.*)\n\n$/.exec(text)![1]!).code,
    ),
    'HTTP streaming': stream('application/x-ndjson').then(
      (text) => JSON.parse(text.trim().split('\n').at(-1)!).error.code,
    ),
    'long polling': send(`${url}/channels/room.lobby?wait=50`, { headers }).then((answer) => {
      assertProblem(answer, 403, 'forbidden');
      return answer.json().code;
    }),
    WebSocket: once(socket, 'close').then(([code, reason]) => `${code === 4403 ? reason : code}`),
    WebTransport: session.next().then(
      () => 'a message',
      (error: Error) => error.message,
    ),
    'session long polling': postFrames(
      url,
      [{ ref: 1, subscribe: { channel: 'room.lobby', after: 'now' } }],
      { headers, client: `${name}-polling`, wait: 50 },
    ).then((answer) => answer.json().find((frame: { error?: object }) => frame.error).error.code),
  };
}

const KINDS = 6;
const FORBIDDEN = 'not allowed to read room.lobby: neither its rule nor a grant allows it';

async function assertAllEnded(ended: Record<string, Promise<string>>): Promise<void> {
  const codes = Object.fromEntries(
    await Promise.all(Object.entries(ended).map(async ([kind, code]) => [kind, await code])),
  );
  assert.deepEqual(codes, Object.fromEntries(Object.keys(ended).map((kind) => [kind, 'forbidden'])));
}

const HOUSES: Record<string, () => Promise<() => HubOptions>> = {
  'one process': async () => () => ({ log: memoryLog() }),
  'two nodes on Redis': async () => {
    const redis = await sharedRedis();
    return () => ({ log: redisLog(redis) });
  },
};

for (const [house, logs] of Object.entries(HOUSES)) {
  test(`in ${house}, a right that is withdrawn ends what is read by it, on every transport`, async (t) => {
    const optionsOf = await logs();
    const members = new Members('lobby ada', 'attic ada', 'lobby bob');
    const node = await startRooms(t, members, optionsOf());
    const teller = house === 'one process' ? node : await startRooms(t, members, optionsOf());
    const ended = await openAll(t, node, 'client-of-ada');
    const bob = await connectSdk(t, node.url, { token: await tokenOf('bob'), client: 'client-of-bob' });
    await bob.ask({ ref: 1, subscribe: { channel: 'room.lobby' } });
    await untilOpen(node.hub, KINDS + 1);

    await teller.hub.recheck({ subject: 'ada', channel: 'room.*' });
    await members.untilAsked('read lobby ada', 2);
    members.remove('lobby ada');
    await teller.hub.recheck({ subject: 'bob' });
    await teller.hub.recheck({ channel: 'room.attic' });
    await members.untilAsked('read lobby bob', 2);
    await members.untilAsked('read attic ada', 3);
    assert.equal(node.hub.connections().length, KINDS + 1, 'nobody else’s rights were meant');

    await teller.hub.recheck({ subject: 'ada', channel: 'room.lobby' });
    await assertAllEnded(ended);
    assertProblem(
      await send(`${node.url}/channels/room.lobby`, { headers: await bearer('ada') }),
      403,
      'forbidden',
    );
    const { id } = await node.hub.publish('room.lobby', 'for bob');
    assert.equal((await bob.nextOf('id')).id, id);
  });
}

for (const transport of TRANSPORT_NAMES) {
  test(`the client over ${transport} is told of a room that it lost, and keeps the other`, async (t) => {
    const members = new Members('lobby ada', 'attic ada');
    const { hub, url } = await startRooms(t, members);
    const isOverUdp = transport === 'webtransport';
    if (isOverUdp) {
      withWebTransport(t);
      const port = await freePort();
      await hub.webtransport({ port, tls: 'self-signed', url: `https://127.0.0.1:${port}/connect` });
    }
    const { client, until } = open(t, url, {
      transports: isOverUdp ? ['webtransport', 'websocket'] : [transport],
      token: () => tokenOf('ada'),
      pollIntervalMs: 20,
    });
    const kept: unknown[] = [];
    let told = () => {};
    client.subscribe('room.attic', ({ data }) => {
      kept.push(data);
      told();
    });
    const lost = new Promise<FanwireError>((resolve) => {
      client.subscribe('room.lobby', { onMessage() {}, onError: (error) => resolve(error as FanwireError) });
    });
    await until(isOver(transport));
    // Polled or pushed: whatever has come now, both are subscribed.
    const subscribed = client.subscribe('room.attic', { onMessage() {} });
    await subscribed.ready;
    members.remove('lobby ada');
    await hub.recheck();
    const { code, message } = await lost;
    assert.deepEqual([code, message], ['forbidden', FORBIDDEN]);
    const arrived = new Promise<void>((resolve) => (told = resolve));
    await hub.publish('room.attic', 'after');
    await arrived;
    assert.deepEqual(kept, ['after']);
  });
}

test('a right that holds until a time is asked for again then, and ends if it is refused', async (t) => {
  const members = new Members('lobby ada', 'attic ada');
  const answer = (): RightAnswer => ({ until: Date.now() + 1000 });
  const node = await startRooms(t, members, {}, answer);
  const ended = await openAll(t, node, 'client-of-ada');
  const sdk = await connectSdk(t, node.url, { token: await tokenOf('ada') });
  await sdk.ask({ ref: 1, subscribe: { channel: 'room.lobby' } });
  await sdk.ask({ ref: 2, subscribe: { channel: 'room.attic', presence: { name: 'Ada' } } });
  const askedTwice = () => members.asked.filter((asked) => asked === 'read lobby ada').length > 1;
  while (!askedTwice()) await delay(20);
  assert.equal(node.hub.connections().length, KINDS + 1, 'granted again, it goes on');
  members.remove('lobby ada');
  await assertAllEnded(ended);
  const lost = await sdk.nextOf('error');
  assert.deepEqual([lost.ref, lost.error.code], [1, 'forbidden']);
  assert.equal((await node.hub.presence('room.attic')).length, 1);
  members.remove('attic ada');
  const left = await sdk.nextOf('error');
  assert.deepEqual([left.ref, left.error.code], [2, 'forbidden']);
  while ((await node.hub.presence('room.attic')).length > 0) await delay(20);
});

test('who can’t be asked about any more comes back when somebody answers', async (t) => {
  let away = false;
  const faults: unknown[] = [];
  const { hub, url } = await startRooms(t, new Members(), {
    onError: (fault) => faults.push(fault),
    channels: {
      a: {
        read: () => {
          if (away) throw new Error('away');
          return true;
        },
      },
    },
  });
  const client = connect(url, { transports: ['websocket'], token: () => tokenOf('ada') });
  onEnd(t, () => client.close());
  const received: unknown[] = [];
  let told = () => {};
  client.subscribe('a', ({ data }) => {
    received.push(data);
    told();
  });
  await untilOpen(hub, 1);
  away = true;
  await hub.recheck({ channel: 'a' });
  while (hub.connections().some(({ channels }) => channels.length > 0)) await delay(5);
  assert.match(String(faults), /a could not say who may read it: Error: away/);
  const arrived = new Promise<void>((resolve) => (told = resolve));
  await hub.publish('a', 'meanwhile');
  away = false;
  await arrived;
  assert.deepEqual(received, ['meanwhile']);
});

test('an operator has rights asked for again from elsewhere; what is asked has to make sense', async (t) => {
  const members = new Members('lobby ada');
  const operatorToken = 'a-token-of-the-operator';
  const { hub, url } = await startRooms(t, members, { operatorToken });
  const ada = await connectSdk(t, url, { token: await tokenOf('ada'), client: 'client-of-ada' });
  await ada.ask({ ref: 1, subscribe: { channel: 'room.lobby' } });
  const operator = await connectSdk(t, url, { token: operatorToken, client: 'client-of-the-operator' });
  const request = (ref: number, data: unknown) => ({ ref, request: { method: 'fanwire:recheck', data } });
  assert.equal((await ada.ask(request(2, {}))).error.code, 'forbidden');
  for (const data of [{ subject: 7 }, { subject: '' }, { channel: 'not a pattern' }, { channel: 7 }]) {
    assert.equal((await operator.ask(request(1, data))).error.code, 'invalid_parameter');
    await assert.rejects(hub.recheck(data as object), { code: 'invalid_parameter' });
  }
  members.remove('lobby ada');
  assert.deepEqual(await operator.ask(request(2, { subject: 'ada' })), { ref: 2, ok: {} });
  assert.equal((await ada.nextOf('error')).ref, 1);
});
