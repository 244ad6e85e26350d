import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { membersOf, type Roster, type Stay } from '../roster.ts';

export interface RosterUnderTest {
  readonly name: string;
  /** Opens one roster, empty, as so many nodes see it. */
  open(t: TestContext, nodes: number): Promise<readonly Roster[]>;
}

const LONG_MS = 60_000;
const SHORT_MS = 150;

let stays = 0;
function stayOf(client: string, data: unknown = {}, channel = 'room'): Stay {
  stays += 1;
  return { channel, client, id: `stay-${stays}`, member: { client, data, since: Date.now() } };
}

async function clientsOn(roster: Roster, channel = 'room'): Promise<string[]> {
  return (await membersOf(roster, channel)).map(({ client }) => client).sort();
}

async function untilEnding(roster: Roster): Promise<readonly Stay[]> {
  for (;;) {
    const ending = await roster.ending(LONG_MS);
    if (ending.length > 0) return ending;
    await delay(10);
  }
}

/** What one node sees of its roster. */
export function testRoster({ name, open }: RosterUnderTest): void {
  test(`${name}: a stay begins once, keeps its id and its beginning, and changes with its data`, async (t) => {
    const [roster] = (await open(t, 1)) as [Roster];
    const first = stayOf('a', { n: 1, list: [], nothing: null });
    assert.deepEqual(await roster.hold(first, LONG_MS), { change: 'join', stay: first, ended: undefined });
    assert.equal((await roster.hold(first, LONG_MS)).change, 'join', 'the answer may have been lost');
    const again = { ...first, id: 'other', member: { ...first.member, since: first.member.since + 5 } };
    assert.deepEqual(await roster.hold(again, LONG_MS), { change: undefined, stay: first, ended: undefined });
    const changed = stayOf('a', { n: 2 });
    const { change, stay } = await roster.hold(changed, LONG_MS);
    assert.deepEqual([change, stay.id, stay.member.since], ['update', first.id, first.member.since]);
    assert.deepEqual(await membersOf(roster, 'room'), [stay.member]);
    assert.deepEqual(await membersOf(roster, 'other'), []);
    assert.deepEqual(await roster.renew([first], LONG_MS), []);
  });

  test(`${name}: members come in pages, each once while nobody comes or goes, and are counted without them`, async (t) => {
    const [roster] = (await open(t, 1)) as [Roster];
    const clients = Array.from({ length: 300 }, (_, index) => `client-${index}`);
    for (const client of clients) await roster.hold(stayOf(client, 'x'.repeat(100)), LONG_MS);
    assert.equal(await roster.count('room'), 300);
    assert.equal(await roster.count('other'), 0);
    const found: string[] = [];
    let after: string | undefined;
    for (let pages = 0; pages === 0 || after !== undefined; pages++) {
      const page = await roster.page('room', 50, after);
      assert.ok(page.members.length < 100, `a page has ${page.members.length}`);
      found.push(...page.members.map(({ client }) => client));
      after = page.next;
    }
    assert.deepEqual(found.sort(), clients.sort());
  });

  test(`${name}: a stay that lingers is one until then, and ends once`, async (t) => {
    const [roster] = (await open(t, 1)) as [Roster];
    const stay = stayOf('a');
    await roster.hold(stay, LONG_MS);
    await roster.release(stay, LONG_MS);
    assert.deepEqual(await clientsOn(roster), ['a']);
    await roster.hold(stay, LONG_MS);
    await roster.release(stay, SHORT_MS);
    const [ended] = await untilEnding(roster);
    assert.deepEqual(ended, stay);
    assert.deepEqual(await clientsOn(roster), []);
    await roster.forget(ended!);
    assert.deepEqual(await roster.ending(LONG_MS), []);
    assert.equal((await roster.hold(stayOf('a'), LONG_MS)).change, 'join');
  });

  test(`${name}: whoever comes back while it lingers has not been away`, async (t) => {
    const [roster] = (await open(t, 1)) as [Roster];
    await roster.hold(stayOf('a'), LONG_MS);
    await roster.release({ channel: 'room', client: 'a' }, SHORT_MS);
    assert.equal((await roster.hold(stayOf('a'), LONG_MS)).change, undefined);
    // Who lingers from now on ends later than the other would have.
    const later = stayOf('b');
    await roster.hold(later, LONG_MS);
    await roster.release(later, SHORT_MS);
    assert.deepEqual(await untilEnding(roster), [later]);
    assert.deepEqual(await clientsOn(roster), ['a']);
  });

  test(`${name}: a goodbye ends what lingers on any channel, and nothing else`, async (t) => {
    const [roster] = (await open(t, 1)) as [Roster];
    for (const channel of ['held', 'left']) await roster.hold(stayOf('a', {}, channel), LONG_MS);
    await roster.hold(stayOf('b', {}, 'left'), LONG_MS);
    for (const client of ['a', 'b']) await roster.release({ channel: 'left', client }, LONG_MS);
    await roster.goodbye('a');
    assert.deepEqual(
      (await roster.ending(LONG_MS)).map(({ channel, client }) => [channel, client]),
      [['left', 'a']],
    );
    assert.deepEqual(await clientsOn(roster, 'held'), ['a']);
    assert.deepEqual(await clientsOn(roster, 'left'), ['b']);
  });
}

/** What several nodes see of one roster. */
export function testSharedRoster({ name, open }: RosterUnderTest): void {
  test(`${name}: all nodes see the same members, and a client may be on two of them`, async (t) => {
    const [one, two] = (await open(t, 2)) as [Roster, Roster];
    assert.equal((await one.hold(stayOf('a'), LONG_MS)).change, 'join');
    assert.equal((await two.hold(stayOf('a'), LONG_MS)).change, undefined);
    await two.hold(stayOf('b'), LONG_MS);
    for (const roster of [one, two]) assert.deepEqual(await clientsOn(roster), ['a', 'b']);
    await one.release({ channel: 'room', client: 'a' }, 0);
    assert.deepEqual(await one.ending(LONG_MS), []);
    assert.deepEqual(await clientsOn(one), ['a', 'b']);
  });

  test(`${name}: whoever leaves at once leaves behind nothing that lingers on another node`, async (t) => {
    const [one, two] = (await open(t, 2)) as [Roster, Roster];
    await one.hold(stayOf('a'), LONG_MS);
    await one.release({ channel: 'room', client: 'a' }, LONG_MS);
    await two.hold(stayOf('a'), LONG_MS);
    await two.release({ channel: 'room', client: 'a' }, 0);
    assert.equal((await one.ending(LONG_MS)).length, 1);
  });

  test(`${name}: the members of a node that no longer renews leave, and any node can tell`, async (t) => {
    const [dead, alive] = (await open(t, 2)) as [Roster, Roster];
    const stay = stayOf('a');
    await dead.hold(stay, SHORT_MS);
    await alive.hold(stayOf('b'), LONG_MS);
    assert.deepEqual(await untilEnding(alive), [stay]);
    assert.deepEqual(await alive.ending(LONG_MS), [stay], 'until somebody has told of it');
    assert.deepEqual(await clientsOn(alive), ['b']);
    await alive.forget(stay);
    assert.deepEqual(await alive.ending(LONG_MS), []);
  });

  test(`${name}: of all that forget a stay one is told that it was there, and none once it has begun anew`, async (t) => {
    const [one, two] = (await open(t, 2)) as [Roster, Roster];
    const stay = stayOf('a');
    await one.hold(stay, LONG_MS);
    await one.release(stay, 0);
    await untilEnding(one);
    assert.deepEqual((await Promise.all([one.forget(stay), two.forget(stay)])).sort(), [false, true]);
    assert.equal(await one.forget(stay), false);
    const again = stayOf('a');
    await one.hold(again, LONG_MS);
    assert.equal(await two.forget(again), false, 'somebody holds it');
    await one.release(again, 0);
    await untilEnding(two);
    assert.deepEqual((await two.hold(stayOf('a'), LONG_MS)).ended, again);
    assert.equal(await one.forget(again), false, 'who came back has told of it');
  });

  test(`${name}: a lease that ran out unnoticed can be renewed, an ending stay can't`, async (t) => {
    const [one, two] = (await open(t, 2)) as [Roster, Roster];
    const stay = stayOf('a');
    await one.hold(stay, SHORT_MS);
    while ((await clientsOn(two)).length > 0) await delay(10);
    let seen: string[] = [];
    // On a busy machine it may be over again before anybody looks.
    for (let tries = 0; tries < 20 && seen.length === 0; tries++) {
      assert.deepEqual(await one.renew([stay], SHORT_MS), []);
      seen = await clientsOn(two);
    }
    assert.deepEqual(seen, ['a']);
    await untilEnding(two);
    assert.deepEqual(await one.renew([stay, { channel: 'room', client: 'never' }], LONG_MS), [
      stay,
      { channel: 'room', client: 'never' },
    ]);
    const back = stayOf('a');
    assert.deepEqual(await one.hold(back, LONG_MS), { change: 'join', stay: back, ended: stay });
    // The node that told of the leave comes late.
    await two.forget(stay);
    assert.deepEqual(await clientsOn(two), ['a']);
  });

  test(`${name}: subscribers are counted over the other nodes, for as long as they report`, async (t) => {
    const [one, two, three] = (await open(t, 3)) as [Roster, Roster, Roster];
    await one.report(new Map([['room', 2]]), LONG_MS);
    await two.report(new Map(Object.entries({ room: 3, other: 1 })), LONG_MS);
    await three.report(new Map([['room', 7]]), SHORT_MS);
    while ((await one.subscribersElsewhere('room')) !== 3) await delay(10);
    assert.equal(await two.subscribersElsewhere('room'), 2);
    await two.report(new Map([['room', 0]]), LONG_MS);
    assert.equal(await one.subscribersElsewhere('room'), 0);
    assert.equal(await one.subscribersElsewhere('other'), 1);
  });
}
