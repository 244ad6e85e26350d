import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Client, TransportName } from '../../src/client/index.ts';
import { FanwireError } from '../../src/index.ts';
import { receive, startClient, untilStatus } from '../faults/subscriber.ts';
import { startHub } from '../support/hub.ts';
import { PATIENT_MS } from '../support/patience.ts';

/** The hub's clock for expiry goes by the second. */
const LIFE_MS = 3000;

/** A hub whose tokens are numbers, each good for a while from when it was made. */
function startExpiringHub(t: TestContext) {
  return startHub(t, {
    authorise: ({ token }) => {
      // A WebSocket brings its own once it is open.
      if (token === undefined) return undefined;
      const expiresAt = Number(token) + LIFE_MS;
      if (!(expiresAt > Date.now())) throw new FanwireError('unauthenticated', 'too old');
      return { read: true, publish: true, expiresAt };
    },
  });
}

// Side by side, as each has seconds to wait.
describe('with tokens of a short life', { concurrency: true }, () => {
  for (const transport of ['websocket', 'sse', 'long-polling'] as const satisfies readonly TransportName[]) {
    test(`${transport}: a token is replaced before it runs out, and the link is not lost over it`, async (t) => {
      const { hub, url } = await startExpiringHub(t);
      let since = Number.POSITIVE_INFINITY;
      let replace = () => {};
      const replaced = new Promise<void>((resolve) => {
        replace = resolve;
      });
      const client = startClient(t, url, {
        transports: [transport],
        proofTimeoutMs: PATIENT_MS,
        token: () => {
          // The first has run out by now.
          if (Date.now() - since > LIFE_MS) replace();
          return `${Date.now()}`;
        },
      });
      const received = receive(client, 'scores');
      await received.ready;
      const { status } = client;
      assert.ok(status.state === 'connected');
      since = status.since;
      await replaced;
      await hub.publish('scores', 1);
      await received.until(1);
      const now = client.status;
      assert.ok(now.state === 'connected');
      assert.equal(now.since, status.since);
      assert.deepEqual(now.failures, []);
    });
  }
});

test('a function that can give no token is asked again, and the status says so meanwhile', async (t) => {
  const { url } = await startExpiringHub(t);
  let asked = 0;
  const client = startClient(t, url, {
    transports: ['websocket'],
    proofTimeoutMs: PATIENT_MS,
    token: async () => {
      if (++asked === 1) throw new Error('login server away');
      return `${Date.now()}`;
    },
  });
  const { failures } = await untilStatus(client, ({ state }) => state === 'connected');
  assert.deepEqual(
    failures.map(({ cause, detail }) => [cause, detail]),
    [['unauthenticated', 'no token: Error: login server away']],
  );
});

for (const transport of ['websocket', 'sse', 'polling'] as const satisfies readonly TransportName[]) {
  test(`${transport}: a token that is refused and can't be replaced closes the client, with the hub’s reason`, async (t) => {
    const { url } = await startExpiringHub(t);
    const client = startClient(t, url, { transports: [transport], token: '0' });
    const errors: unknown[] = [];
    const { ready } = client.subscribe('scores', { onMessage() {}, onError: (error) => errors.push(error) });
    const publish = client.publish('scores', 1);
    await assert.rejects(ready, { code: 'unauthenticated', message: 'too old' });
    await assert.rejects(publish, { code: 'unauthenticated' });
    const { state, why } = client.status;
    assert.deepEqual([state, why], ['closed', 'Closed: too old']);
    assert.equal(errors.length, 1);
    assert.throws(() => client.subscribe('scores'), { code: 'unauthenticated' });
  });

  test(`${transport}: a token that is refused and can be replaced is`, async (t) => {
    const { url } = await startExpiringHub(t);
    const tokens = ['0', `${Date.now() + 60_000}`];
    const client = startClient(t, url, { transports: [transport], token: () => tokens.shift() ?? '0' });
    await client.subscribe('scores', () => {}).ready;
    assert.deepEqual(tokens, []);
  });
}

/** A hub whose tokens are names; without one the channel `open` may be read. */
function startNamedHub(t: TestContext) {
  return startHub(t, {
    authorise: ({ token }) => (token ? { subject: token, read: true, publish: true } : undefined),
    channels: { open: { read: 'anyone' } },
    requests: { whoami: (_, { subject }) => subject ?? 'nobody' },
  });
}

for (const transport of [
  'websocket',
  'sse',
  'long-polling',
  'polling',
] as const satisfies readonly TransportName[]) {
  test(`${transport}: a client signs in, becomes another and signs out, and keeps its place meanwhile`, async (t) => {
    const { hub, url } = await startNamedHub(t);
    const client = startClient(t, url, { transports: [transport], backoffMs: { first: 5, most: 10 } });
    const received = receive(client, 'open');
    await received.ready;
    await assert.rejects(client.subscribe('closed', () => {}).ready, { code: 'unauthenticated' });
    client.setToken('ada');
    await untilSays(client, 'ada');
    const { ready } = client.subscribe('closed', { onMessage() {}, onError: () => refused() });
    await ready;
    client.setToken(async () => 'bea');
    await untilSays(client, 'bea');
    let refused = () => {};
    const signedOut = new Promise<void>((resolve) => {
      refused = resolve;
    });
    client.setToken(undefined);
    await signedOut;
    await untilSays(client, 'nobody');
    await hub.publish('open', 1);
    await received.until(1);
    assert.deepEqual([received.data, received.gaps], [[1], []]);
  });

  test(`${transport}: refused for want of a token, the function is asked again, and the channel read after all`, async (t) => {
    const { url } = await startNamedHub(t);
    let token: string | undefined;
    const client = startClient(t, url, { transports: [transport], token: () => token });
    await client.subscribe('open', () => {}).ready;
    token = 'ada';
    const received = receive(client, 'closed');
    await received.ready;
    await client.publish('closed', 1);
    await received.until(1);
  });
}

/** Whose requests the hub takes them for. */
async function untilSays(client: Client, name: string): Promise<void> {
  for (;;) {
    const said = await client.request('whoami').catch(() => undefined);
    if (said === name) return;
    await turn();
  }
}
