import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { connect as connectClient } from '../../src/client/index.ts';
import type { HubOptions } from '../../src/index.ts';
import { redisLog } from '../../src/log/redis/redis-log.ts';
import { send } from '../support/http.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { assertProblem } from '../support/problem.ts';
import { sharedRedis } from '../support/shared-redis.ts';
import { connectSdk, postFrames } from './support/sdk.ts';

const SECRET = 'a secret of thirty-two bytes or more';
const OPERATOR = 'a-token-of-the-operator';
const authorise: HubOptions['authorise'] = { secret: SECRET };

/** A token that was issued so many seconds ago. */
function tokenOf(sub: string, secondsAgo?: number): Promise<string> {
  const jwt = new SignJWT({ sub, fanwire: { read: ['*'], publish: ['*'] } }).setProtectedHeader({
    alg: 'HS256',
  });
  if (secondsAgo !== undefined) jwt.setIssuedAt(Math.floor(Date.now() / 1000) - secondsAgo);
  return jwt.setExpirationTime('1h').sign(new TextEncoder().encode(SECRET));
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Several nodes over one Redis; or one process alone. */
const HOUSES: Record<string, (t: TestContext) => Promise<TestHub[]>> = {
  'one process': async (t) => [await startHub(t, { authorise, operatorToken: OPERATOR })],
  'three nodes on Redis': async (t) => {
    const options = await sharedRedis();
    const node = () => startHub(t, { authorise, operatorToken: OPERATOR, log: redisLog(options) });
    return [await node(), await node(), await node()];
  },
};

/** Opens a subscriber of each kind; each resolves with how it ended. */
async function openAll(t: TestContext, { url }: TestHub, token: string, client: string) {
  const headers = bearer(token);
  const stream = async (accept: string) => {
    const { body } = await fetch(`${url}/channels/a`, { headers: { ...headers, accept } });
    return new Response(body).text();
  };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`, { headers });
  onEnd(t, async () => socket.terminate());
  const closed = once(socket, 'close').then(([code]) => code as number);
  const sdk = await connectSdk(t, url, { token, client: `${client}-socket` });
  await sdk.ask({ ref: 1, subscribe: { channel: 'a' } });
  return {
    'event stream': stream('text/event-stream'),
    'HTTP streaming': stream('application/x-ndjson'),
    'long poll': send(`${url}/channels/a?wait=50`, { headers }).then(({ status }) => status),
    'session long poll': postFrames(url, [{ ref: 1, subscribe: { channel: 'a', after: 'now' } }], {
      headers,
      client: `${client}-polls`,
      wait: 50,
    }).then(({ status }) => status),
    WebSocket: closed,
    SDK: sdk.closed.then(({ code }) => code),
  };
}

const KINDS = 6;

async function untilOpen(nodes: readonly TestHub[], count: number): Promise<void> {
  const open = () => nodes.reduce((sum, { hub }) => sum + hub.connections().length, 0);
  while (open() < count) await new Promise(setImmediate);
}

for (const [house, start] of Object.entries(HOUSES)) {
  test(`in ${house}, what belongs to a subject is ended on every node, and nobody else’s`, async (t) => {
    const nodes = await start(t);
    const token = await tokenOf('ada', 60);
    const opened = await Promise.all(
      nodes.map((node, index) => openAll(t, node, token, `client-of-ada-${index}`)),
    );
    const bob = await connectSdk(t, nodes.at(-1)!.url, { token: await tokenOf('bob', 60) });
    await untilOpen(nodes, nodes.length * KINDS + 1);

    await nodes[0]!.hub.disconnect({ subject: 'ada' });
    for (const kinds of opened) {
      const { SDK, WebSocket, 'long poll': poll, 'session long poll': session, ...streams } = kinds;
      assert.deepEqual(await Promise.all([SDK, WebSocket, poll, session]), [1012, 1012, 200, 200]);
      await Promise.all(Object.values(streams));
    }
    // They may come back.
    for (const { url } of nodes) {
      assert.equal((await send(`${url}/channels/a`, { headers: bearer(token) })).status, 200);
    }
    assert.deepEqual(await bob.ask({ ref: 1, unsubscribe: { channel: 'a' } }), { ref: 1, ok: {} });
  });

  test(`in ${house}, tokens of a subject issued before a time are refused on every node`, async (t) => {
    const nodes = await start(t);
    const old = await tokenOf('ada', 60);
    const undated = await tokenOf('ada');
    const opened = await Promise.all(
      nodes.map((node, index) => openAll(t, node, old, `client-of-ada-${index}`)),
    );
    await untilOpen(nodes, nodes.length * KINDS);
    const renewing = await connectSdk(t, nodes.at(-1)!.url, {
      token: old,
      client: 'one-that-renews-its-token',
    });
    await renewing.ask({ ref: 1, token: await tokenOf('ada', -1) });

    await nodes[0]!.hub.revoke({ subject: 'ada', issuedBefore: Date.now() - 5000 });
    for (const kinds of opened) {
      const { SDK, WebSocket, ...others } = kinds;
      assert.deepEqual(await Promise.all([SDK, WebSocket]), [4401, 4401]);
      await Promise.all(Object.values(others));
    }
    for (const { url } of nodes) {
      for (const token of [old, undated]) {
        assertProblem(await send(`${url}/channels/a`, { headers: bearer(token) }), 401, 'unauthenticated');
        const post = {
          method: 'POST',
          body: '1',
          headers: { ...bearer(token), 'content-type': 'text/plain' },
        };
        assertProblem(await send(`${url}/channels/a`, post), 401, 'unauthenticated');
      }
      assert.equal(
        (await send(`${url}/channels/a`, { headers: bearer(await tokenOf('ada', 1)) })).status,
        200,
      );
      assert.equal(
        (await send(`${url}/channels/a`, { headers: bearer(await tokenOf('bob', 60)) })).status,
        200,
      );
    }
    assert.equal((await renewing.ask({ ref: 2, token: old })).error.code, 'unauthenticated');
    assert.ok((await renewing.ask({ ref: 3, subscribe: { channel: 'a' } })).ok, 'it has a token of later');
  });
}

test('a node that starts later refuses what was revoked before, from the first request on', async (t) => {
  const options = await sharedRedis();
  const first = await startHub(t, { authorise, log: redisLog(options) });
  const old = await tokenOf('ada', 60);
  await first.hub.revoke({ subject: 'ada' });
  const later = await startHub(t, { authorise, log: redisLog(options) });
  const ask = async (token: string) =>
    (await send(`${later.url}/channels/a`, { headers: bearer(token) })).status;
  assert.equal(await ask(old), 401);
  assert.equal(await ask(await tokenOf('bob', 60)), 200);
});

test('the SDK asks for another token, and goes on with it', async (t) => {
  const { hub, url } = await startHub(t, { authorise });
  let asked = 0;
  const client = connectClient(url, {
    transports: ['websocket'],
    token: () => tokenOf('ada', asked++ === 0 ? 60 : -5),
  });
  onEnd(t, async () => client.close());
  const messages: unknown[] = [];
  let arrived = () => {};
  client.subscribe('a', ({ data }) => {
    messages.push(data);
    arrived();
  });
  const arrival = () => new Promise<void>((resolve) => (arrived = resolve));
  await untilOpen([{ hub, url, port: 0 }], 1);
  while (!hub.connections()[0]?.channels.includes('a')) await new Promise(setImmediate);
  const before = arrival();
  await hub.publish('a', 'before');
  await before;
  const after = arrival();
  await hub.revoke({ subject: 'ada' });
  await hub.publish('a', 'after');
  await after;
  assert.deepEqual(messages, ['before', 'after']);
  assert.equal(asked, 2);
});

test('a grant of a function says itself when it was issued; one that does not is ended, and may come back', async (t) => {
  const { hub, url } = await startHub(t, {
    authorise: ({ token }) => ({
      subject: 'ada',
      read: true,
      ...(token === 'dated' ? { issuedAt: Date.now() - 60_000 } : {}),
    }),
  });
  const dated = await connectSdk(t, url, { token: 'dated' });
  await hub.revoke({ subject: 'ada' });
  assert.equal((await dated.closed).code, 4401);
  assert.equal((await send(`${url}/channels/a`, { headers: bearer('dated') })).status, 401);
  assert.equal((await send(`${url}/channels/a`, { headers: bearer('other') })).status, 200);
});

test('the hub’s own channels are nobody’s to read or publish to, and are told of to no hook', async (t) => {
  const told: string[] = [];
  const { hub, url } = await startHub(t, {
    authorise,
    operatorToken: OPERATOR,
    channels: { '*': { read: 'anyone', publish: 'anyone' } },
    onOccupied: (channel) => told.push(channel),
  });
  await hub.revoke({ subject: 'ada' });
  for (const channel of ['fanwire:revocations', 'fanwire:disconnects']) {
    for (const headers of [{}, bearer(OPERATOR), bearer(await tokenOf('bob', 1))]) {
      assert.ok([401, 403].includes((await send(`${url}/channels/${channel}`, { headers })).status));
      const post = { method: 'POST', body: '1', headers: { ...headers, 'content-type': 'text/plain' } };
      assert.ok([401, 403].includes((await send(`${url}/channels/${channel}`, post)).status));
    }
  }
  assert.deepEqual((await hub.channels()).channels, []);
  assert.deepEqual(told, []);
});

test('an operator asks for both from elsewhere; nobody else may', async (t) => {
  const { hub, url } = await startHub(t, { authorise, operatorToken: OPERATOR });
  const stranger = await connectSdk(t, url, { token: await tokenOf('bob', 60), client: 'client-of-bob' });
  const ada = await connectSdk(t, url, { token: await tokenOf('ada', 60), client: 'client-of-ada' });
  const operator = await connectSdk(t, url, { token: OPERATOR, client: 'client-of-the-operator' });
  const request = (ref: number, method: string, data: unknown) => ({ ref, request: { method, data } });
  for (const method of ['fanwire:disconnect', 'fanwire:revoke']) {
    const refused = await stranger.ask(request(1, method, { subject: 'ada' }));
    assert.equal(refused.error.code, 'forbidden');
    const wrong = await operator.ask(request(1, method, { subject: 7 }));
    assert.deepEqual(
      [wrong.error.code, wrong.error.detail],
      ['invalid_parameter', 'subject: expected a text that is not empty'],
    );
  }
  assert.equal(hub.connections().length, 3);
  assert.deepEqual(await operator.ask(request(2, 'fanwire:revoke', { subject: 'ada' })), { ref: 2, ok: {} });
  assert.equal((await ada.closed).code, 4401);
});
