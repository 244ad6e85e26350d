import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Client } from '../../src/client/index.ts';
import { type Member, type PresenceList, presenceList } from '../../src/client/presence/index.ts';
import { CHOICES, startClient } from '../faults/subscriber.ts';
import { connectSdk } from '../hub/support/sdk.ts';
import { startHub } from '../support/hub.ts';

/** A list that can be waited for, and what it told. */
function watch(client: Client, channel = 'room') {
  const told: string[] = [];
  let wake = () => {};
  const list = presenceList(client, channel, (_, changes) => {
    told.push(changes.map(({ type, member }) => `${type} ${member.data}`).join(', '));
    wake();
  });
  const until = async (...data: readonly string[]) => {
    while (namesOf(list.members) !== data.join(', ')) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { list, told, until };
}

const namesOf = (members: PresenceList['members']) => members.map(({ data }: Member) => data).join(', ');

let clients = 0;

/** Somebody who is present, frame by frame. */
async function arrive(t: TestContext, url: string, name: string, client = `somebody-${++clients}`) {
  const sdk = await connectSdk(t, url, { client });
  await sdk.ask({ ref: 1, subscribe: { channel: 'room', presence: name } });
  return { sdk, client };
}

for (const { name, transports } of CHOICES) {
  test(`${name}: a list has who is there, and follows joins, updates and leaves`, async (t) => {
    const { url } = await startHub(t);
    const ada = await arrive(t, url, 'ada');
    const { list, told, until } = watch(startClient(t, url, { transports }));
    await list.ready;
    assert.equal(namesOf(list.members), 'ada');
    const bob = await arrive(t, url, 'bob');
    await until('ada', 'bob');
    await bob.sdk.ask({ ref: 2, subscribe: { channel: 'room', presence: 'bob, typing' } });
    await until('ada', 'bob, typing');
    ada.sdk.send({ bye: true });
    await until('bob, typing');
    assert.deepEqual(told, ['', 'join bob', 'update bob, typing', 'leave ada']);
  });
}

test('a list stays right over a cut, and when more was told meanwhile than is kept', async (t) => {
  const { hub, url } = await startHub(t, { channels: { 'room:presence': { retain: { count: 1 } } } });
  const ada = await arrive(t, url, 'ada');
  // A poll later it has missed what came and went.
  const client = startClient(t, url, { transports: ['polling'], pollIntervalMs: 300 });
  const { list, told, until } = watch(client);
  await list.ready;
  hub.disconnect(() => true);
  const bob = await arrive(t, url, 'bob');
  const cleo = await arrive(t, url, 'cleo');
  cleo.sdk.send({ bye: true });
  await cleo.sdk.closed;
  ada.sdk.send({ bye: true });
  await ada.sdk.closed;
  await until('bob');
  bob.sdk.send({ bye: true });
  await until();
  assert.equal(told.join(' ').match(/join bob/g)?.length, 1);
  assert.equal(told.join(' ').match(/leave ada/g)?.length, 1);
});

test('a list goes on with a hub that has begun anew and knows of others', async (t) => {
  const first = await startHub(t);
  await arrive(t, first.url, 'ada');
  const { list, until } = watch(startClient(t, first.url, { transports: ['sse'] }));
  await list.ready;
  await first.hub.close();
  const second = await startHub(t, {}, first.port);
  await arrive(t, second.url, 'bob');
  await until('bob');
});

test('the members are another array whenever they have changed, and the same as long as they have not', async (t) => {
  const { hub, url } = await startHub(t);
  const { list, until } = watch(startClient(t, url));
  await list.ready;
  const nobody = list.members;
  assert.equal(list.members, nobody);
  await arrive(t, url, 'ada');
  await until('ada');
  assert.notEqual(list.members, nobody);
  assert.deepEqual(list.members, await hub.presence('room'));
});

test('a closed list is told of nothing more, and one that is refused rejects', async (t) => {
  const { url } = await startHub(t, { channels: { secret: { read: 'nobody' } } });
  const client = startClient(t, url, { onError: () => {} });
  const { list, told } = watch(client);
  await list.ready;
  list.close();
  const other = watch(client);
  await arrive(t, url, 'ada');
  await other.until('ada');
  assert.deepEqual(told, ['']);
  await assert.rejects(presenceList(client, 'secret').ready, { code: 'forbidden' });
  const unready = presenceList(client, 'room');
  unready.close();
  await assert.rejects(unready.ready, { code: 'closed' });
  const abort = new AbortController();
  const aborted = presenceList(client, 'room', { signal: abort.signal });
  abort.abort();
  await assert.rejects(aborted.ready, { code: 'closed' });
});

test('an onChange that throws is told to onError, and the list goes on', async (t) => {
  const { url } = await startHub(t);
  const fault = new Error('of the page');
  const faults: unknown[] = [];
  const list = presenceList(startClient(t, url), 'room', {
    onChange() {
      throw fault;
    },
    onError: (error) => faults.push(error),
  });
  await list.ready;
  await arrive(t, url, 'ada');
  while (list.members.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(faults[0], fault);
});

for (const { name, transports } of CHOICES) {
  test(`${name}: members are counted without a list`, async (t) => {
    const { url } = await startHub(t, { limits: { pageMembers: 2 } });
    const client = startClient(t, url, { transports });
    assert.equal(await client.presence.count('room'), 0);
    for (const each of ['ada', 'bob', 'cleo']) await arrive(t, url, each);
    assert.equal(await client.presence.count('room'), 3);
    assert.equal((await client.presence('room')).length, 3);
  });
}
