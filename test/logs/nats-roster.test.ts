import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsLogOptions } from '../../src/log/nats/index.ts';
import { membersOf, type Roster, type Stay } from '../../src/log/roster.ts';
import { SYSTEM_RUNTIME } from '../../src/protocol/runtime.ts';
import { type NatsServer, startNats } from '../support/nats-server.ts';
import { PATIENT_MS } from '../support/patience.ts';
import { openNatsLog, TIMEOUT_MS, untilAvailable } from './support.ts';

const LEASE_MS = 20_000;

function stayOf(client: string, id = `stay of ${client}`): Stay {
  return { channel: 'a.room', client, id, member: { client, since: 1 } };
}

async function openRosters(
  t: TestContext,
  { url }: NatsServer,
  nodes: number,
  options: NatsLogOptions = {},
): Promise<Roster[]> {
  const logs = await Promise.all(
    Array.from({ length: nodes }, () => openNatsLog(t, { url, timeoutMs: 3000, ...options })),
  );
  return logs.map(({ roster }) => roster!);
}

async function clientsOn(roster: Roster): Promise<string[]> {
  return (await membersOf(roster, 'a.room')).map(({ client }) => client);
}

/** Ends and forgets what is over, as each node does every second. */
async function sweep(roster: Roster, leaseMs = LEASE_MS): Promise<void> {
  for (const stay of await roster.ending(leaseMs)) await roster.forget(stay);
}

async function subjectsIn(t: TestContext, nats: NatsServer): Promise<string[]> {
  const connection = await connect({ servers: nats.url });
  t.after(() => connection.close());
  const { streams } = await jetstreamManager(connection);
  const { state } = await streams.info('fanwire-roster', { subjects_filter: '>' });
  return Object.keys(state.subjects ?? {});
}

test('whatever nodes do at once, those who stay are there in the end, and of the others nothing is left', async (t) => {
  const nats = await startNats(t);
  // So much at once takes a busy server its time.
  const rosters = await openRosters(t, nats, 3, { timeoutMs: PATIENT_MS });
  const clients = Array.from({ length: 8 }, (_, index) => `client-${index}`);
  await Promise.all(
    rosters.flatMap((roster, node) =>
      clients.map(async (client, index) => {
        for (let turn = 0; turn < 6; turn++) {
          await roster.hold(stayOf(client, `${client} ${node} ${turn}`), LEASE_MS);
          await roster.release(stayOf(client), (index + turn) % 3 === 0 ? 0 : 5);
          if ((index + turn + node) % 4 === 0) await roster.goodbye(client);
          await sweep(roster);
        }
        if (index % 2 === 0 && node === 1) await roster.hold(stayOf(client), LEASE_MS);
      }),
    ),
  );
  const remaining = clients.filter((_, index) => index % 2 === 0);
  const expected = [
    ...remaining.map((client) => `fanwire-roster.stay.a/room.${client}`),
    ...rosters.map(() => 'fanwire-roster.watch.node'),
  ];
  let subjects: string[] = [];
  const generalised = () => subjects.map((one) => one.replace(/(watch\.node)\..*/, '$1')).sort();
  while (generalised().join() !== expected.sort().join()) {
    for (const roster of rosters) await sweep(roster);
    subjects = await subjectsIn(t, nats);
  }
  for (const roster of rosters) assert.deepEqual((await clientsOn(roster)).sort(), remaining);
});

test('a node whose notion of the time is late leaves nobody behind', async (t) => {
  const nats = await startNats(t);
  let lateMs = 0;
  const uptime = () => SYSTEM_RUNTIME.uptime() - lateMs;
  const log = await openNatsLog(t, { url: nats.url }, undefined, { ...SYSTEM_RUNTIME, uptime });
  const late = log.roster!;
  const [other] = (await openRosters(t, nats, 1)) as [Roster];
  await late.hold(stayOf('a'), LEASE_MS);
  // As after an answer that took so long.
  lateMs = 1000;
  await other.hold(stayOf('a'), LEASE_MS);
  await other.release(stayOf('a'), 200);
  while ((await subjectsIn(t, nats)).length > 3) await sweep(other);
  await late.release(stayOf('a'), 5);
  while ((await subjectsIn(t, nats)).length > 2) await sweep(other);
});

test('of a node that has died nothing is left once its members have left', async (t) => {
  const nats = await startNats(t);
  const [dead, alive] = (await openRosters(t, nats, 2)) as [Roster, Roster];
  await dead.hold(stayOf('held'), 300);
  await dead.hold(stayOf('on-both'), 300);
  await dead.hold(stayOf('lingering'), 300);
  await dead.release(stayOf('lingering'), 200);
  await dead.report(new Map([['a.room', 2]]), 300);
  await alive.hold(stayOf('on-both'), LEASE_MS);
  while ((await subjectsIn(t, nats)).length > 2) await sweep(alive);
  assert.deepEqual(await clientsOn(alive), ['on-both']);
  assert.equal(await alive.subscribersElsewhere('a.room'), 0);
});

test('a node that was taken for dead holds everything anew, and nobody has to know it but itself', async (t) => {
  const nats = await startNats(t);
  const [slow, other] = (await openRosters(t, nats, 2)) as [Roster, Roster];
  const stay = stayOf('a');
  await slow.hold(stay, 100);
  await slow.report(new Map([['a.room', 2]]), 100);
  while ((await other.ending(LEASE_MS)).length === 0);
  assert.deepEqual(await slow.renew([stay], LEASE_MS), [stay]);
  const back = stayOf('a', 'another');
  assert.deepEqual(await slow.hold(back, LEASE_MS), { change: 'join', stay: back, ended: stay });
  await other.forget(stay);
  await slow.report(new Map([['a.room', 2]]), LEASE_MS);
  assert.deepEqual(await clientsOn(other), ['a']);
  assert.equal(await other.subscribersElsewhere('a.room'), 2);
  assert.deepEqual(await slow.renew([stay], LEASE_MS), []);
});

test('NATS killed and restarted with its data: nobody has left', async (t) => {
  const nats = await startNats(t);
  const [one, two] = (await openRosters(t, nats, 2)) as [Roster, Roster];
  await one.hold(stayOf('a'), LEASE_MS);
  await nats.kill();
  await assert.rejects(membersOf(two, 'a.room'), { code: 'log_unavailable' });
  await nats.start();
  assert.deepEqual(await untilAvailable(() => two.ending(LEASE_MS)), []);
  assert.deepEqual(await untilAvailable(() => one.renew([stayOf('a')], LEASE_MS)), []);
  assert.deepEqual(await clientsOn(two), ['a']);
});

test('NATS restarted without its data: everybody is to be held anew', async (t) => {
  const nats = await startNats(t);
  const [one, two] = (await openRosters(t, nats, 2)) as [Roster, Roster];
  const stay = stayOf('a');
  await one.hold(stay, LEASE_MS);
  await membersOf(two, 'a.room');
  await nats.kill();
  nats.wipe();
  await nats.start();
  assert.deepEqual(await untilAvailable(() => one.renew([stay], LEASE_MS)), [stay]);
  await one.hold(stay, LEASE_MS);
  assert.deepEqual(await untilAvailable(() => clientsOn(two)), ['a']);
});

test('an outage of everything spares those who come back after a newcomer', async (t) => {
  const nats = await startNats(t);
  const [slow] = (await openRosters(t, nats, 1)) as [Roster];
  const stay = stayOf('a');
  await slow.hold(stay, 500);
  // Longer than any node is silent: nobody could reach NATS.
  await delay(3200);
  const [first, second] = (await openRosters(t, nats, 2)) as [Roster, Roster];
  assert.deepEqual(await first.ending(LEASE_MS), []);
  assert.deepEqual(await second.ending(LEASE_MS), []);
  assert.deepEqual(await slow.renew([stay], LEASE_MS), []);
  assert.deepEqual(await clientsOn(second), ['a']);
});

test('what is let go while NATS does not answer is let go once it does', async (t) => {
  const nats = await startNats(t);
  const [one, two] = (await openRosters(t, nats, 2, { timeoutMs: TIMEOUT_MS })) as [Roster, Roster];
  await one.hold(stayOf('known'), LEASE_MS);
  await two.hold(stayOf('other'), LEASE_MS);
  nats.freeze();
  const unheard = one.hold(stayOf('unheard'), LEASE_MS);
  await assert.rejects(unheard);
  await Promise.all(['known', 'unheard'].map((client) => assert.rejects(one.release(stayOf(client), 0))));
  nats.thaw();
  while ((await untilAvailable(() => clientsOn(two))).length > 1) {
    await untilAvailable(() => one.ending(LEASE_MS));
  }
  assert.deepEqual(await clientsOn(two), ['other']);
});
