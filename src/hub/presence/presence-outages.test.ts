import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Holding, MemberKey, Stay } from '../../log/roster.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { SecondWheel } from '../connections/second-wheel.ts';
import { LocalRoster } from './local-roster.ts';
import { Presence } from './presence.ts';

/** Can't be reached now and then, and loses what it knew. */
class UnreliableRoster extends LocalRoster {
  reachable = true;
  readonly lost: MemberKey[] = [];
  answers = true;
  holdings = 0;

  override async hold(stay: Stay): Promise<Holding> {
    this.#check();
    this.holdings += 1;
    const holding = await super.hold(stay);
    if (!this.answers) throw new FanwireError('log_unavailable', 'no answer');
    return holding;
  }

  override async renew(): Promise<readonly MemberKey[]> {
    this.#check();
    return this.lost.splice(0);
  }

  override async ending(): Promise<readonly Stay[]> {
    this.#check();
    return super.ending();
  }

  #check(): void {
    if (!this.reachable) throw new FanwireError('log_unavailable', 'unreachable');
  }
}

function openPresence(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'] });
  const roster = new UnreliableRoster();
  const wheel = new SecondWheel();
  const log = { reachable: true };
  const changes: string[] = [];
  const faults: unknown[] = [];
  const presence = new Presence({
    roster,
    wheel,
    lingerMs: 6000,
    async announce({ change }) {
      if (!log.reachable) throw new FanwireError('log_unavailable', 'unreachable');
      changes.push(change);
    },
    report: (fault) => faults.push(fault),
  });
  return {
    presence,
    roster,
    log,
    changes,
    faults,
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        t.mock.timers.tick(1000);
        wheel.turn();
        await turn();
      }
    },
  };
}

test('an outage is reported once, and what could not be held is held after it', async (t) => {
  const { presence, roster, changes, faults, pass } = openPresence(t);
  roster.reachable = false;
  presence.join('room', 'client-a', undefined, {});
  await pass(10);
  assert.equal(faults.length, 1);
  assert.deepEqual(changes, []);
  roster.reachable = true;
  await pass(3);
  assert.deepEqual(changes, ['join']);
});

test('nothing is settled while it is looked who has left: a log that is closed then is no fault', async (t) => {
  const { presence, roster, pass } = openPresence(t);
  let answer = () => {};
  t.mock.method(roster, 'ending', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return [];
  });
  await pass(1);
  let settled = false;
  const settling = presence.settled().then(() => {
    settled = true;
  });
  await turn();
  assert.equal(settled, false);
  answer();
  await settling;
});

test('a join is told though the roster took it and its answer was lost', async (t) => {
  const { presence, roster, changes, pass } = openPresence(t);
  roster.answers = false;
  presence.join('room', 'client-a', undefined, {});
  await pass(5);
  roster.answers = true;
  await pass(5);
  assert.deepEqual(changes, ['join']);
});

test('what the roster has lost is held anew', async (t) => {
  const { presence, roster, pass } = openPresence(t);
  presence.join('room', 'client-a', undefined, {});
  const [member] = await presence.members('room');
  roster.lost.push({ channel: 'room', client: member!.client });
  await pass(3);
  assert.equal(roster.holdings, 2);
});

test('joins and leaves that the log did not take are told once it does', async (t) => {
  const { presence, log, changes, pass } = openPresence(t);
  presence.join('room', 'client-a', undefined, {});
  await presence.settled();
  log.reachable = false;
  presence.join('room', 'client-b', undefined, {});
  await pass(5);
  assert.deepEqual(changes, ['join']);
  log.reachable = true;
  await pass(3);
  assert.deepEqual(changes, ['join', 'join']);
  log.reachable = false;
  presence.release('room', 'client-a', undefined, true);
  await pass(5);
  log.reachable = true;
  await pass(1);
  assert.deepEqual(changes, ['join', 'join', 'leave']);
});
