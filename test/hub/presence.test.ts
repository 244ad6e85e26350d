import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { connectSdk, postFrames } from './support/sdk.ts';

async function membersOf(url: string, channel: string) {
  return (await send(`${url}/channels/${channel}/presence`)).json().members;
}

const join = (ref: number, presence: unknown, channel = 'room') => ({
  ref,
  subscribe: { channel, presence },
});

test('a token for another subject is another member: the one leaves, and the other joins', async (t) => {
  const { hub, url } = await startHub(t, {
    authorise: ({ token }) => ({ subject: token ?? 'nobody', read: true }),
  });
  const watcher = await connectSdk(t, url, { client: 'the-watcher', token: 'watcher' });
  await watcher.ask({ ref: 1, subscribe: { channel: 'room:presence' } });
  const tab = await connectSdk(t, url, { client: 'a-tab-of-two', token: 'ada' });
  await tab.ask(join(1, { colour: 'red' }));
  const ada = (await watcher.nextOf('id')).data;
  assert.equal(ada.subject, 'ada');

  await tab.ask({ ref: 2, token: 'ada' });
  await tab.ask({ ref: 3, token: 'bob' });
  const told = [await watcher.nextOf('id'), await watcher.nextOf('id')];
  const bob = told.find(({ type }) => type === 'join').data;
  assert.deepEqual(told.map(({ type }) => type).sort(), ['join', 'leave']);
  assert.deepEqual(told.find(({ type }) => type === 'leave').data, ada);
  assert.deepEqual([bob.subject, bob.data], ['bob', { colour: 'red' }]);
  assert.notEqual(bob.client, ada.client);
  assert.deepEqual(await hub.presence('room'), [bob]);

  tab.send({ bye: true });
  assert.deepEqual((await watcher.nextOf('id')).data, bob);
  assert.deepEqual(await hub.presence('room'), []);
});

test('joins, updates and leaves are messages on a channel of their own', async (t) => {
  const { hub, url } = await startHub(t, { presenceLingerMs: 0 });
  const watcher = await connectSdk(t, url, { client: 'the-watcher' });
  await watcher.ask({ ref: 1, subscribe: { channel: 'room:presence' } });

  const ada = await connectSdk(t, url, { client: 'ada-and-her-tab' });
  await ada.ask(join(1, { name: 'Ada' }));
  const joined = await watcher.nextOf('id');
  assert.deepEqual(
    [joined.channel, joined.type, joined.data.data],
    ['room:presence', 'join', { name: 'Ada' }],
  );
  assert.deepEqual(await membersOf(url, 'room'), [joined.data]);
  assert.deepEqual(await hub.presence('room'), [joined.data]);

  await ada.ask(join(2, { name: 'Ada', typing: true }));
  const updated = await watcher.nextOf('id');
  assert.deepEqual([updated.type, updated.data.data], ['update', { name: 'Ada', typing: true }]);
  assert.equal(updated.data.since, joined.data.since);

  ada.socket.terminate();
  const left = await watcher.nextOf('id');
  assert.deepEqual([left.type, left.data.client], ['leave', joined.data.client]);
  assert.deepEqual(await membersOf(url, 'room'), []);
});

test('a member who changes transport neither leaves nor joins', async (t) => {
  const { hub, url } = await startHub(t, { presenceLingerMs: 60_000 });
  const first = await connectSdk(t, url);
  await first.ask(join(1, {}));
  first.socket.terminate();
  await first.closed;
  const answer = await postFrames(url, [join(1, {})]);
  assert.equal(answer.status, 200);
  assert.equal((await hub.presence('room')).length, 1);
  const { messages } = (await send(`${url}/channels/room:presence?after=start`)).json();
  assert.deepEqual(
    messages.map(({ type }: { type: string }) => type),
    ['join'],
  );
  await postFrames(url, [{ bye: true }]);
});

test('whoever says goodbye has left at once', async (t) => {
  const { hub, url } = await startHub(t, { presenceLingerMs: 60_000 });
  const sdk = await connectSdk(t, url);
  await sdk.ask(join(1, {}));
  sdk.send({ bye: true });
  assert.equal((await sdk.closed).code, 1000);
  assert.deepEqual(await hub.presence('room'), []);
});

test('a goodbye by POST ends the presence that an earlier request left behind', async (t) => {
  const { hub, url } = await startHub(t, { presenceLingerMs: 60_000 });
  await postFrames(url, [join(1, {})]);
  assert.equal((await hub.presence('room')).length, 1);
  await postFrames(url, [{ bye: true }]);
  assert.deepEqual(await hub.presence('room'), []);
});

test('unsubscribing is leaving', async (t) => {
  const { hub, url } = await startHub(t, { presenceLingerMs: 0 });
  const watcher = hub.subscribe('room:presence', { after: 'start' });
  const sdk = await connectSdk(t, url);
  await sdk.ask(join(1, {}));
  assert.equal((await watcher.next()).value?.type, 'join');
  await sdk.ask({ ref: 2, unsubscribe: { channel: 'room' } });
  assert.equal((await watcher.next()).value?.type, 'leave');
  watcher.close();
});

test('who is on a channel can be asked in a frame', async (t) => {
  const { url } = await startHub(t);
  const ada = await connectSdk(t, url, { client: 'ada-and-her-tab' });
  await ada.ask(join(1, { name: 'Ada' }));
  const bob = await connectSdk(t, url, { client: 'bob-and-his-tab' });
  const { ok } = await bob.ask({ ref: 1, presence: { channel: 'room' } });
  assert.deepEqual(
    ok.members.map(({ data }: { data: unknown }) => data),
    [{ name: 'Ada' }],
  );
  for (const one of [ada, bob]) one.send({ bye: true });
});

test('the subject of a token is shown, the id of a client is not', async (t) => {
  const { hub, url } = await startHub(t, { authorise: () => ({ subject: 'ada', read: true }) });
  const sdk = await connectSdk(t, url, { client: 'a-secret-client-id' });
  await sdk.ask(join(1, {}));
  const [member] = await hub.presence('room');
  assert.equal(member?.subject, 'ada');
  assert.ok(!JSON.stringify(member).includes('a-secret-client-id'));
  sdk.send({ bye: true });
});

test('a channel may have no presence, and its data has a limit', async (t) => {
  const { url } = await startHub(t, {
    channels: { quiet: { presence: false } },
    limits: { presenceBytes: 20 },
  });
  const sdk = await connectSdk(t, url);
  assert.equal((await sdk.ask(join(1, {}, 'quiet'))).error.code, 'forbidden');
  assert.equal((await sdk.ask(join(2, 'x'.repeat(20)))).error.code, 'message_too_large');
  assert.ok((await sdk.ask(join(3, 'x'.repeat(18)))).ok);
  sdk.send({ bye: true });
});

test('members are asked of one channel at a time', async (t) => {
  const { url } = await startHub(t);
  assertProblem(await send(`${url}/channels/a,b/presence`), 400, 'invalid_channel');
});

test('a member’s data is measured in bytes, not in characters', async (t) => {
  const { url } = await startHub(t, { limits: { presenceBytes: 100 } });
  const sdk = await connectSdk(t, url);
  assert.equal((await sdk.ask(join(1, 'x'.repeat(98)))).error, undefined);
  const { error } = await sdk.ask(join(2, 'ü'.repeat(60), 'other'));
  assert.equal(error.code, 'message_too_large');
});

test('members come in pages, over HTTP and in frames alike, and their count alone', async (t) => {
  const { url } = await startHub(t, { limits: { pageMembers: 2 } });
  for (const client of ['one', 'two', 'three']) {
    const sdk = await connectSdk(t, url, { client: `client-${client}` });
    await sdk.ask({ ref: 1, subscribe: { channel: 'room', presence: { name: client } } });
  }
  const { ask } = await connectSdk(t, url);
  const pages: { members: { data: { name: string } }[]; count: number; next?: string }[] = [];
  for (let ref = 1; ref === 1 || pages.at(-1)?.next; ref++) {
    const { next } = pages.at(-1) ?? {};
    const { ok } = await ask({ ref, presence: { channel: 'room', ...(next && { after: next }) } });
    const http = await send(`${url}/channels/room/presence${next ? `?after=${next}` : ''}`);
    assert.deepEqual(http.json(), ok);
    pages.push(ok);
  }
  assert.deepEqual(
    pages.map(({ members, count }) => [members.length, count]),
    [
      [2, 3],
      [1, 3],
    ],
  );
  const names = pages.flatMap(({ members }) => members.map(({ data }) => data.name));
  assert.deepEqual(names.sort(), ['one', 'three', 'two']);
  const { json } = await send(`${url}/channels/room/presence?limit=0`);
  assert.deepEqual(json(), { members: [], count: 3 });
  assert.equal((await send(`${url}/channels/room/presence?after=no%20token`)).status, 400);
  assert.equal((await ask({ ref: 9, presence: { channel: 'room', limit: -1 } })).error.code, 'invalid_frame');
});
