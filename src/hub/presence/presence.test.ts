import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { SecondWheel } from '../connections/second-wheel.ts';
import { LocalRoster } from './local-roster.ts';
import { Presence } from './presence.ts';

const LINGER_SECONDS = 10;

function openPresence(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const changes: string[] = [];
  const wheel = new SecondWheel();
  const presence = new Presence({
    roster: new LocalRoster(),
    wheel,
    lingerMs: LINGER_SECONDS * 1000,
    announce: async ({ channel, change, member }) =>
      changes.push(`${change} ${channel} ${JSON.stringify(member.data)}`),
    report: (error) => {
      throw error;
    },
  });
  return {
    presence,
    changes,
    join: (client: string, data: unknown = {}, channel = 'room') =>
      presence.join(channel, client, 'ada', data),
    release: (client: string, atOnce = false, channel = 'room') =>
      presence.release(channel, client, 'ada', atOnce),
    async pass(seconds: number) {
      await presence.settled();
      for (let second = 0; second < seconds; second++) {
        t.mock.timers.tick(1000);
        wheel.turn();
        await turn();
      }
    },
  };
}

test('a member joins once, and leaves some time after its last connection', async (t) => {
  const { presence, changes, join, release, pass } = openPresence(t);
  join('client-a', { name: 'Ada' });
  const [member] = await presence.members('room');
  assert.deepEqual([member?.subject, member?.data], ['ada', { name: 'Ada' }]);
  release('client-a');
  await pass(LINGER_SECONDS - 1);
  assert.equal((await presence.members('room')).length, 1);
  await pass(1);
  assert.deepEqual(await presence.members('room'), []);
  assert.deepEqual(changes, ['join room {"name":"Ada"}', 'leave room {"name":"Ada"}']);
});

test('changing transport is neither a leave nor a join', async (t) => {
  const { presence, changes, join, release, pass } = openPresence(t);
  join('client-a');
  const since = (await presence.members('room'))[0]?.since;
  release('client-a');
  await pass(LINGER_SECONDS - 1);
  join('client-a');
  await pass(2 * LINGER_SECONDS);
  // The other order: the new transport is there before the old one has gone.
  join('client-a');
  release('client-a');
  await pass(2 * LINGER_SECONDS);
  assert.deepEqual(changes, ['join room {}']);
  assert.equal((await presence.members('room'))[0]?.since, since);
});

test('data that changes is an update', async (t) => {
  const { presence, changes, join, release } = openPresence(t);
  join('client-a', { typing: false });
  await presence.settled();
  join('client-a', { typing: true });
  release('client-a');
  join('client-a', { typing: true });
  await presence.settled();
  assert.deepEqual(changes, ['join room {"typing":false}', 'update room {"typing":true}']);
});

test('a goodbye ends it at once, also where it only lingers', async (t) => {
  const { presence, changes, join, release } = openPresence(t);
  join('client-a');
  join('client-a', {}, 'other');
  join('client-b');
  await presence.settled();
  release('client-a', true);
  release('client-a', false, 'other');
  await presence.settled();
  presence.goodbye('client-a', 'ada');
  await presence.settled();
  assert.deepEqual(changes.slice(3), ['leave room {}', 'leave other {}']);
  assert.equal((await presence.members('room')).length, 1);
});

test('a goodbye does not end what another connection of the client holds', async (t) => {
  const { presence, join, release } = openPresence(t);
  join('client-a');
  join('client-a');
  release('client-a', true);
  presence.goodbye('client-a', 'ada');
  assert.equal((await presence.members('room')).length, 1);
});

test('others are not shown the id of a client, but always the same name for it', async (t) => {
  const { presence, join } = openPresence(t);
  join('client-a');
  join('client-b');
  join('client-a', {}, 'other');
  const [first, second] = (await presence.members('room')).map(({ client }) => client);
  assert.notEqual(first, second);
  assert.equal((await presence.members('other'))[0]?.client, first);
  assert.ok(!JSON.stringify(await presence.members('room')).includes('client-a'));
});
