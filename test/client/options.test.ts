import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, type Status } from '../../src/client/index.ts';
import { connectedOver, startClient, untilStatus } from '../faults/subscriber.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { PATIENT_MS } from '../support/patience.ts';

test('a URL that is none, and an option that there is not, are refused at once, with what to write', () => {
  for (const url of ['localhost:3000', 'ftp://a', 'example.com', '', '/realtime']) {
    assert.throws(() => connect(url), { code: 'invalid_parameter', message: /http:\/\/localhost/ });
  }
  const misspelt = { transport: ['sse'] } as object;
  assert.throws(() => connect('http://a', misspelt), {
    code: 'invalid_parameter',
    message: /called transport.*transports/,
  });
});

test('a dead server is not called a transport that is refused', async (t) => {
  const client = startClient(t, `http://localhost:${await freePort()}`, {
    transports: ['websocket'],
    proofTimeoutMs: PATIENT_MS,
  });
  const { failures } = await untilStatus(client, ({ state }) => state === 'waiting');
  assert.deepEqual(
    failures.map(({ cause }) => cause),
    ['network'],
  );
});

test('a status is told once for as long as it stays the same', async (t) => {
  const { url } = await startHub(t, { heartbeatMs: 1000 });
  const client = startClient(t, url);
  const told: string[] = [];
  client.onStatus((status: Status) => told.push(JSON.stringify(status)));
  await untilStatus(client, connectedOver('websocket'));
  client.close();
  assert.ok(told.length > 1);
  for (const [index, one] of told.entries()) assert.notEqual(one, told[index - 1]);
});

/** What a page keeps between loads. */
function pageStorage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test('what worked for a client that might use one transport alone does not keep the next one from better ones', async (t) => {
  const { url } = await startHub(t);
  const storage = pageStorage();
  const restricted = startClient(t, url, { storage, transports: ['polling'] });
  await untilStatus(restricted, connectedOver('polling'));
  restricted.close();
  const free = startClient(t, url, { storage, upgradeIntervalMs: 1e9, proofTimeoutMs: PATIENT_MS });
  await untilStatus(free, connectedOver('websocket'));
});

test('what worked in another network costs one look at what is better, not a minute', async (t) => {
  const { url } = await startHub(t);
  const storage = pageStorage();
  storage.setItem(`fanwire ${url}/connect`, '["polling"]');
  const client = startClient(t, url, { storage, upgradeIntervalMs: 1e9, proofTimeoutMs: PATIENT_MS });
  await untilStatus(client, connectedOver('polling'));
  await untilStatus(client, connectedOver('websocket'));
});

for (const transport of ['websocket', 'sse', 'http-streaming', 'long-polling', 'polling'] as const) {
  test(`in Node the option headers goes with ${transport}, and with its publishes`, async (t) => {
    const { url } = await startHub(t, {
      authorise: ({ headers }) =>
        headers.cookie === 'session=ada' ? { read: true, publish: true } : undefined,
    });
    const client = startClient(t, url, { transports: [transport], headers: { cookie: 'session=ada' } });
    await client.subscribe('scores', () => {}).ready;
    await client.publish('scores', 1);
  });
}
