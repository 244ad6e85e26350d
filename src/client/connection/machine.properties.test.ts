import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TRANSPORT_NAMES } from '../../protocol/transport-name.ts';
import type { Cause } from '../failure.ts';
import { MIN_DELAY_MS } from './backoff.ts';
import { idle, timerAt, transition } from './machine.ts';
import type { Event, Policy, State } from './state.ts';

const CAUSES: readonly Cause[] = ['refused', 'mute', 'cut', 'network', 'server_error', 'going_away'];

/** What the world does next; `which` chooses among the links that are open. */
const HAPPENINGS = fc.array(
  fc.record({
    what: fc.constantFrom('proved', 'lost', 'timer', 'wake', 'move', 'late'),
    which: fc.nat(),
    cause: fc.constantFrom(...CAUSES),
    retryAfterMs: fc.option(fc.nat(5000), { nil: undefined }),
    final: fc.integer({ min: 0, max: 20 }).map((one) => one === 0),
    passMs: fc.nat(20_000),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
  { maxLength: 60 },
);

const POLICIES = fc.subarray([...TRANSPORT_NAMES], { minLength: 1 }).map((transports): Policy => {
  const plain = transports.filter((name) => name.endsWith('polling')).at(-1);
  const backoffMs = { first: 1000, most: 30_000 };
  return { transports, plain, backoffMs, staggerMs: 300, stableAfterMs: 10_000, upgradeIntervalMs: 60_000 };
});

/** The model: which links are open, and which of them carries everything. */
interface World {
  readonly open: Map<number, string>;
  active: number | undefined;
  /** When each transport was opened last while nothing was connected. */
  readonly openedAt: Map<string, number>;
}

test('whatever the network does: links are balanced, one is active, and there is always a way on', () => {
  fc.assert(
    fc.property(POLICIES, HAPPENINGS, (policy, happenings) => {
      const world: World = { open: new Map(), active: undefined, openedAt: new Map() };
      let now = 1_000_000;
      let state: State = idle(undefined);
      const step = (event: Event, random: number) => {
        const before = state;
        const { state: after, effects } = transition(before, event, { policy, now, random });
        state = after;
        for (const effect of effects) {
          if (effect.kind === 'open') {
            assert.ok(policy.transports.includes(effect.transport), 'only what is allowed is opened');
            assert.ok(!world.open.has(effect.id), 'an id is used once');
            const last = world.openedAt.get(effect.transport);
            assert.ok(
              last === undefined || now - last >= MIN_DELAY_MS,
              'the same is not tried again at once',
            );
            world.openedAt.set(effect.transport, now);
            world.open.set(effect.id, effect.transport);
          } else if (effect.kind === 'adopt') {
            assert.ok(world.open.has(effect.id));
            world.active = effect.id;
          } else {
            assert.ok(world.open.delete(effect.id), 'what is closed was open');
            if (world.active === effect.id) world.active = undefined;
          }
        }
        check(state, world);
        if (state.kind === 'waiting' && before.kind !== 'waiting')
          assert.ok(state.until > now, 'no wait is over at once');
      };

      step({ kind: 'start' }, 0.5);
      for (const { what, which, cause, final, retryAfterMs, passMs, random } of happenings) {
        const ids = [...world.open.keys()];
        const id = ids[which % Math.max(1, ids.length)] ?? -1;
        if (what === 'timer') now = Math.max(now, timerAt(state) ?? now);
        else now += passMs;
        if (what === 'proved') step({ kind: 'proved', id }, random);
        else if (what === 'lost') {
          const failure = { cause, final, detail: '', retryAfterMs };
          step({ kind: 'lost', id, failure }, random);
        } else if (what === 'timer') step({ kind: 'timer' }, random);
        else if (what === 'wake') step({ kind: 'wake' }, random);
        else if (what === 'move') step({ kind: 'move', id, withinMs: passMs }, random);
        else step({ kind: 'proved', id: -1 }, random);
      }
      step({ kind: 'close' }, 0.5);
      assert.equal(world.open.size, 0, 'closing leaves nothing open');
    }),
    { numRuns: 500 },
  );
});

function check(state: State, world: World): void {
  const trials = state.round?.trials.map(({ id }) => id) ?? [];
  const link = state.link ? [state.link.id] : [];
  assert.deepEqual([...world.open.keys()].sort(byNumber), [...trials, ...link].sort(byNumber));
  assert.equal(world.active, link[0]);
  if (state.kind === 'closed') return;
  const due = timerAt(state);
  assert.ok(world.open.size > 0 || due !== undefined, `${state.kind} waits for nothing`);
}

const byNumber = (one: number, other: number) => one - other;
