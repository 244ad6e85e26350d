import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHub, memoryLog } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { connectSdk } from './support/sdk.ts';

const channels = { 'cursor.*': { conflateMs: 50 }, 'slow.*': { conflateMs: 3000 } };

test('of what is published within the interval only the newest of each key is, and all are answered', async (t) => {
  const { hub, url } = await startHub(t, { channels });
  const publish = (data: number, key: string) => hub.publish('cursor.room', data, { key });
  const ids = await Promise.all([publish(1, 'ada'), publish(2, 'ada'), publish(3, 'bob'), publish(4, 'ada')]);
  assert.equal(ids[1]?.id, ids[3]?.id);
  assert.equal(new Set(ids.map(({ id }) => id)).size, 3);
  const { messages } = (await send(`${url}/channels/cursor.room?after=start`)).json();
  assert.deepEqual(
    messages.map(({ data }: { data: number }) => data),
    [1, 3, 4],
  );
});

test('over HTTP the key stands in the URL, in a frame beside the data', async (t) => {
  const { url } = await startHub(t, { channels });
  const post = (data: number) =>
    send(`${url}/channels/slow.room?key=ada`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: String(data),
    });
  const sdk = await connectSdk(t, url);
  const first = (await post(1)).json();
  const [replaced, newest] = await Promise.all([
    post(2),
    sdk.ask({ ref: 1, publish: { channel: 'slow.room', data: 3, key: 'ada' } }),
  ]);
  const { messages } = (await send(`${url}/channels/slow.room?after=start`)).json();
  assert.equal(messages[0].id, first.id);
  assert.equal(messages.length, 2);
  assert.deepEqual([replaced.json().id, newest.ok.id], [messages[1].id, messages[1].id]);
});

test('what a conflating channel holds is in the log once the hub is closed, and acknowledged', async () => {
  const log = memoryLog();
  const hub = createHub({ log, channels: { a: { conflateMs: 60_000 } } });
  const acknowledged = [1, 2, 3].map((value) => hub.publish('a', value));
  await hub.close();
  const [first, second, third] = await Promise.all(acknowledged);
  assert.notEqual(first?.id, third?.id);
  assert.deepEqual(second, third);
  const { items } = await log.read(['a'], { kind: 'start' }, { messages: 10, bytes: 1000 });
  assert.equal(items.length, 2);
});

test('who comes and goes on a conflating channel is told of one by one', async (t) => {
  const { hub, url } = await startHub(t, { channels: { 'cursor.*': { conflateMs: 60_000 } } });
  const told = hub.subscribe<{ subject?: string }>('cursor.room:presence', { after: 'start' });
  for (const client of ['client-one', 'client-two', 'client-three']) {
    const sdk = await connectSdk(t, url, { client });
    await sdk.ask({ ref: 1, subscribe: { channel: 'cursor.room', presence: { client } } });
  }
  const joined: unknown[] = [];
  for await (const { data } of told) if (joined.push(data) === 3) break;
  assert.equal(new Set(joined.map((data) => JSON.stringify(data))).size, 3);
});
