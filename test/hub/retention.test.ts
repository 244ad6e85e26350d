import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';

async function retained(url: string, channel: string): Promise<unknown[]> {
  const answer = await send(`${url}/channels/${channel}?after=start`);
  return answer.json().messages.map(({ data }: { data: unknown }) => data);
}

test('each pattern keeps as many as its rule says, and the first rule that names a setting counts', async (t) => {
  const { hub, url } = await startHub(t, {
    channels: {
      'chat.loud': { retain: { count: 1 } },
      'chat.*': { retain: { count: 3 } },
      '*': { retain: { count: 2 }, conflateMs: 0 },
    },
  });
  for (const channel of ['chat.loud', 'chat.quiet', 'scores']) await publishAll(hub, channel, [1, 2, 3, 4]);
  assert.deepEqual(await retained(url, 'chat.loud'), [4]);
  assert.deepEqual(await retained(url, 'chat.quiet'), [2, 3, 4]);
  assert.deepEqual(await retained(url, 'scores'), [3, 4]);
});

test('age ends messages as count does, pattern by pattern', async (t) => {
  let later = 0;
  const { hub, url } = await startHub(t, {
    log: memoryLog({ clock: () => Date.now() + later }),
    channels: { 'short.*': { retain: { ageMs: 60_000 } } },
  });
  for (const channel of ['short.a', 'long']) await publishAll(hub, channel, [1]);
  later = 60_001;
  assert.deepEqual(await retained(url, 'short.a'), []);
  assert.deepEqual(await retained(url, 'long'), [1]);
});

test('an ephemeral channel reaches who listens and keeps nothing', async (t) => {
  const { hub, url } = await startHub(t, { channels: { 'cursor.*': { ephemeral: true } } });
  const subscription = hub.subscribe('cursor.ada');
  const first = subscription.next();
  await new Promise(setImmediate);
  await publishAll(hub, 'cursor.ada', [{ x: 1 }]);
  assert.deepEqual((await first).value?.data, { x: 1 });
  assert.deepEqual(await retained(url, 'cursor.ada'), []);
  subscription.close();
});

test('a subscriber of an ephemeral channel who was away is told so', async (t) => {
  const { hub, url } = await startHub(t, { channels: { cursors: { ephemeral: true } } });
  const { position } = (await send(`${url}/channels/cursors`)).json();
  const [, last] = await publishAll(hub, 'cursors', [1, 2]);
  const { messages, gaps } = (await send(`${url}/channels/cursors?after=${position}`)).json();
  assert.deepEqual(messages, []);
  assert.deepEqual(gaps, [{ channel: 'cursors', from: position, to: last, reason: 'trimmed' }]);
});
